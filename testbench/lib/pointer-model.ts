import fc from "fast-check";
import { type ComputeFields, plainCompute } from "./compute-command.ts";
import type { Beat } from "./loop-nest.ts";

/** Parameters of vg_pointers. */
export interface PointerShape {
  readonly G: number;
  readonly M: number;
  readonly P: number;
  readonly R: number;
}

const int = (min: number, max: number) => fc.integer({ min, max });
const word = int(0, 0xffff);

/** Random commands; half of them with an input ring of whole rows, in which row `iy0` has a place of its own. */
export function anyCommand(shape: PointerShape): fc.Arbitrary<ComputeFields> {
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
    ...{
      stride2: fc.boolean(),
      weightHold: fc.boolean(),
      upsample: fc.boolean(),
      inHeight: int(1, 5),
      inWidth: int(1, 40),
    },
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

/** The remainder in 0 .. n - 1. */
export const modulo = (a: number, n: number) => ((a % n) + n) % n;

/** What the pointers show at a beat, from the beat's loop indices alone. */
export function expectedPointers(f: ComputeFields, beat: Beat, { G, M, P, R }: PointerShape) {
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
    out: f.outBase + place * f.outCgStride + beat.row * f.outRowStride + beat.tile * (f.upsample ? 2 : 1),
    residual: f.residualBase + place * f.residualCgStride + beat.row * f.residualRowStride + beat.tile,
    parameter: f.parameterBase + (beat.block * M) / R,
    phase: (beat.block % sharing) * M,
  };
}
