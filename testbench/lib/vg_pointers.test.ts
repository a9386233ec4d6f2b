import fc from "fast-check";
import { beforeAll, describe, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { type ComputeFields, encodeCompute, plainCompute } from "./compute-command.ts";
import { expectEqual } from "./expect-equal.ts";
import { type Beat, beatsOf } from "./loop-nest.ts";

interface Shape {
  readonly G: number;
  readonly M: number;
  readonly P: number;
  readonly R: number;
}

const shapes: readonly Shape[] = [
  { G: 8, M: 8, P: 7, R: 2 },
  { G: 16, M: 4, P: 3, R: 2 },
  { G: 4, M: 16, P: 1, R: 4 },
];

const int = (min: number, max: number) => fc.integer({ min, max });
const word = int(0, 0xffff);

/** Random commands; half of them with an input ring of whole rows, in which row `iy0` has a place of its own. */
function commandFor(shape: Shape): fc.Arbitrary<ComputeFields> {
  const loops = fc.record({
    ...{ blocks: int(1, 5), rows: int(1, 3), tiles: int(1, 3) },
    ...{ kernelHeight: int(1, 3), kernelWidth: int(1, 4), channelGroups: int(1, 3), blocksPerGroup: int(1, 3) },
  });
  const addresses = fc.record({
    ...{ inBase: word, inCgStride: word, inGroupStride: word, weightBase: word, weightBlockStride: word },
    ...{ parameterBase: word, residualBase: word, outBase: word, outRowStride: word, outCgStride: word },
    ...{ residualRowStride: word, residualCgStride: word },
  });
  const rest = fc.record({
    ...{ stride2: fc.boolean(), weightHold: fc.boolean(), inHeight: int(1, 5), inWidth: int(1, 40) },
    ...{ iy0: int(-3, 3), ix0: int(-Math.min(8 * shape.P, 128), 8 * shape.P - 1), inRowStride: int(0, 3000) },
  });
  const ring = fc.option(fc.record({ rows: int(2, 9), start: int(0, 20000), first: int(0, 8) }));
  return fc.tuple(loops, addresses, rest, ring).map(([a, b, c, r]) => {
    const fields = { ...plainCompute, ...a, ...b, ...c };
    if (r === null) return fields;
    const ringSize = r.rows * fields.inRowStride;
    const inBase = r.start + (r.first % r.rows) * fields.inRowStride;
    return { ...fields, ringSize, ringEnd: r.start + ringSize, inBase };
  });
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;

/** What the pointers show at a beat, from the beat's loop indices alone. */
function expectedPointers(f: ComputeFields, beat: Beat, { G, M, P, R }: Shape) {
  const stride = f.stride2 ? 2 : 1;
  const ahead = stride * beat.row + beat.ky; // input rows after row iy0
  const start = f.ringEnd - f.ringSize;
  const straight = f.inBase + ahead * f.inRowStride;
  const row = f.ringSize === 0 ? straight : start + modulo(straight - start, f.ringSize);
  const iy = f.iy0 + ahead;
  const column = f.ix0 + stride * beat.tile * P + beat.kx;
  const sharing = Math.max(1, G / M); // blocks in one word
  const words = Math.max(1, M / G);
  const tap = f.weightHold ? 0 : beat.ky * f.kernelWidth + beat.kx;
  const place = Math.floor(beat.block / sharing) * words;
  return {
    row,
    row_valid: Number(iy >= 0 && iy < f.inHeight),
    offset: Math.floor(beat.block / f.blocksPerGroup) * f.inGroupStride + beat.cg * f.inCgStride,
    column,
    word: Math.floor(column / P),
    rot: modulo(column, P),
    weight: f.weightBase + beat.block * f.weightBlockStride + tap * f.channelGroups + beat.cg,
    out: f.outBase + place * f.outCgStride + beat.row * f.outRowStride + beat.tile,
    residual: f.residualBase + place * f.residualCgStride + beat.row * f.residualRowStride + beat.tile,
    parameter: f.parameterBase + (beat.block * M) / R,
    phase: (beat.block % sharing) * M,
  };
}

describe.each(shapes)("vg_pointers with G $G, M $M, P $P, R $R", (shape) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_pointers", { ...shape });
  });

  it("points where the loop indices say, at every beat of consecutive commands", () => {
    const pause = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(commandFor(shape), { minLength: 1, maxLength: 3 }),
        pause,
        fc.integer(),
        (list, pauses, seed) => {
          const dut = model.instantiate({ seed });
          const next = dut.port("next_i").words;
          const active = dut.port("active_i").words;
          const load = dut.port("load_i");
          const step = (name: string) => dut.port(`step_${name}_i`);
          let beatNumber = 0;
          const start = (fields: ComputeFields) => {
            next.set(encodeCompute(fields, shape.P));
            load.set(1);
          };
          start(list[0]);
          dut.tick();
          load.set(0);
          list.forEach((fields, index) => {
            active.set(encodeCompute(fields, shape.P));
            const outputs = Object.keys(expectedPointers(fields, beatsOf(fields)[0], shape));
            for (const beat of beatsOf(fields)) {
              // A beat held back: nothing steps.
              if (pauses[beatNumber++ % pauses.length]) dut.tick();
              dut.eval();
              const expected: Readonly<Record<string, number>> = expectedPointers(fields, beat, shape);
              for (const name of outputs) {
                const port = dut.port(`${name}_o`);
                const where = () => `command ${index}, beat ${JSON.stringify(beat)}, ${name}`;
                expectEqual(port.get(), modulo(expected[name], 2 ** port.width), where);
              }
              if (beat.step !== "none") step(beat.step).set(1);
              else if (index + 1 < list.length) start(list[index + 1]);
              dut.tick();
              if (beat.step !== "none") step(beat.step).set(0);
              load.set(0);
            }
          });
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });
});
