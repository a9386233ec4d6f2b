import fc from "fast-check";
import { beforeAll, describe, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { type ComputeFields, encodeCompute } from "./compute-command.ts";
import { expectEqual } from "./expect-equal.ts";
import { beatsOf } from "./loop-nest.ts";
import { anyCommand, expectedPointers, modulo, type PointerShape } from "./pointer-model.ts";

const shapes: readonly PointerShape[] = [
  { G: 8, M: 8, P: 7, R: 2 },
  { G: 16, M: 4, P: 3, R: 2 },
  { G: 4, M: 16, P: 1, R: 4 },
];

describe.each(shapes)("vg_pointers with G $G, M $M, P $P, R $R", (shape) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_pointers", { ...shape });
  });

  it("points where the loop indices say, at every beat of consecutive commands", () => {
    const pause = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(anyCommand(shape), { minLength: 1, maxLength: 3 }),
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
