import { type EngineError, type Queued, queueHead } from "./compute-bench.ts";
import type { ComputeFields } from "./compute-command.ts";
import type { ComputeShape } from "./compute-layer.ts";
import { ComputeTiming, TO_DRAIN, TO_WRITE } from "./compute-timing.ts";
import { type Beat, beatsOf } from "./loop-nest.ts";
import { expectedPointers } from "./pointer-model.ts";

/** Codes of the engine's errors: a feature, weight, parameter address beyond its memory. */
const [FEATURE, WEIGHT, PARAMETER] = [3, 4, 5];

/** What commands without waits lead to, if offered one after another from cycle 0. */
export interface Outcome {
  readonly error: EngineError | undefined;
  /** Every output word that lies in the memory, with the cycle it is written in if nothing halts the engine. */
  readonly words: readonly { readonly cycle: number; readonly address: number }[];
  /** Cycles until the last beat, if nothing halts the engine. */
  readonly cycles: number;
}

/** Predicts the first error of a stream of commands from the pointers of each beat. */
export function predictOutcome(commands: readonly Queued[], shape: ComputeShape): Outcome {
  const { G, M, R, FEATURE_DEPTH, WEIGHT_DEPTH, PARAMETER_DEPTH } = shape;
  const timing = new ComputeTiming(shape);
  const tileMin = Math.max(M / R, 2 * Math.max(1, M / G));
  const errors: (EngineError & { readonly rank: number })[] = [];
  const words: { cycle: number; address: number }[] = [];
  const wrap = (value: number) => value & 0xffff;
  let cycle = 0;
  let head = 0;
  let current = -1;
  let beats: readonly Beat[] = [];
  let next = 0;
  for (; head < commands.length || next < beats.length; cycle++) {
    const now = timing.step(head < commands.length ? queueHead(commands[head].fields, [0, 0, 0]) : undefined, false);
    if (now.beat) {
      const { fields, index } = commands[current];
      const beat = beats[next++];
      const at = expectedPointers(fields, beat, shape);
      const line = wrap(at.row + at.offset);
      const outside = at.row_valid === 1 ? firstOutside(fields, at.column, line, shape) : undefined;
      const weight = wrap(at.weight);
      if (weight >= WEIGHT_DEPTH) errors.push({ cycle: cycle + 2, rank: 2, code: WEIGHT, index, info: weight });
      else if (outside !== undefined) errors.push({ cycle: cycle + 2, rank: 2, code: FEATURE, index, info: outside });
      const passes = fields.upsample ? 2 : 1;
      for (let each = 0; beat.last && each < (passes * M) / R; each++) {
        const [half, step] = [Math.floor((each * R) / M), each % (M / R)];
        const word = M < G ? 0 : Math.floor((step * R) / G);
        const out = wrap(at.out + half + word * fields.outCgStride);
        const residual = wrap(at.residual + word * fields.residualCgStride);
        const parameter = wrap(at.parameter) + step;
        const drained = cycle + TO_DRAIN + half * tileMin + step;
        const parameterBad = parameter >= PARAMETER_DEPTH;
        const featureBad = out >= FEATURE_DEPTH || (fields.residual && residual >= FEATURE_DEPTH);
        const [code, high] = parameterBad ? [PARAMETER, parameter] : [FEATURE, out];
        const info = wrap(high) * 65536 + residual;
        if (parameterBad || featureBad) errors.push({ cycle: drained + 1, rank: 1, code, index, info });
        if (out < FEATURE_DEPTH && !fields.partial) words.push({ cycle: drained + TO_WRITE, address: out });
      }
    }
    if (now.load) {
      current = head++;
      beats = beatsOf(commands[current].fields);
      next = 0;
    }
  }
  errors.sort((a, b) => a.cycle - b.cycle || a.rank - b.rank);
  return { error: errors[0], words, cycles: cycle };
}

/** The first word outside of the memory that a beat reads: its line's start or, further on, a column that exists. */
function firstOutside(
  fields: ComputeFields,
  column: number,
  line: number,
  { P, FEATURE_DEPTH }: ComputeShape,
): number | undefined {
  const columns = Array.from({ length: P }, (_, lane) => column + lane * (fields.stride2 ? 2 : 1));
  const read = columns.filter((x) => x >= 0 && x < fields.inWidth).map((x) => line + Math.floor(x / P));
  return [line, ...read].find((word) => word >= FEATURE_DEPTH);
}
