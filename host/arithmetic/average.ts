import { rangeOf, roundHalfEven } from "../../models/arithmetic/index.ts";
import type { Quantization } from "../../models/ir/network.ts";
import { requantizer, SCALE_BITS, SCALE_FRACTION_BITS } from "./hardware.ts";

/** A window of ONNX Runtime's QLinearAveragePool. */
export interface AverageWindow {
  readonly input: Quantization;
  readonly output: Quantization;
  /** Most values that are summed. */
  readonly values: number;
  /** What the sum is divided by. */
  readonly divisor: number;
}

/** What makes the hardware average: `requantize(sum + offset, scale, z1)`, sums being of q - zero point. */
export interface AverageFactor {
  /** S. */
  readonly scale: bigint;
  readonly offset: number;
  /** In the int8 frame. */
  readonly z1: number;
}

/** Half a unit in the last place of float32, relative. */
const EPSILON = 2 ** -24;

/**
 * The factor with which the hardware's result is ONNX Runtime's for every sum. That operator adds dequantised values in
 * float32, so its result may depend on more than the integer sum: then there is none.
 *
 * Where the input's scale is so short that those sums are exact, the operator's own steps give the one result of each sum. Else every
 * sum must be so far from a tie that no float32 error, bounded by counting roundings, can decide it. All sums are tried.
 *
 * @returns the factor, or a sum whose result the float32 errors decide or no factor gives
 */
export function averageFactor(window: AverageWindow): AverageFactor | { readonly ambiguous: number } {
  const { input, output, values, divisor } = window;
  const { lo, hi } = rangeOf(input.dtype);
  const first = values * (lo - input.zeroPoint);
  const wanted = new Int16Array(values * (hi - lo) + 1);
  const result = isExact(window) ? exactAverage : certainAverage;
  for (let i = 0; i < wanted.length; i++) {
    const value = result(window, first + i);
    if (value === undefined) return { ambiguous: first + i };
    wanted[i] = value;
  }
  const frame = output.dtype === "uint8" ? 128 : 0;
  const ratio = input.scale / (divisor * output.scale);
  const shift = output.zeroPoint / ratio;
  const bounds = rangeOf(output.dtype);
  let worst = first;
  for (const scale of nearFactors(ratio)) {
    for (const [offset, z1] of [
      [0, output.zeroPoint],
      [Math.round(shift), 0],
    ]) {
      const requantize = requantizer(scale);
      const wrong = wanted.findIndex((value, i) => requantize(first + i, offset, z1, bounds.lo, bounds.hi) !== value);
      if (wrong < 0) return { scale, offset, z1: z1 - frame };
      worst = first + wrong;
    }
  }
  return { ambiguous: worst };
}

/** The float32 quotient as it is, and the nearest factors that the hardware takes. */
function nearFactors(ratio: number): readonly bigint[] {
  const unit = 2 ** SCALE_FRACTION_BITS;
  const short = Math.fround(ratio) * unit;
  const near = BigInt(Math.round(ratio * unit));
  const factors = Number.isInteger(short) ? [BigInt(short)] : [];
  return [...factors, near, near + 1n, near - 1n].filter((factor) => factor > 0n && factor < 1n << BigInt(SCALE_BITS));
}

/** Whether all dequantised values and their sums are exact in float32. */
function isExact({ input, values }: AverageWindow): boolean {
  let significand = input.scale;
  while (!Number.isInteger(significand)) significand *= 2;
  while (significand % 2 === 0) significand /= 2;
  return values * 255 * significand < 2 ** 24;
}

/** The operator's result for an exact sum. */
function exactAverage({ input, output, divisor }: AverageWindow, sum: number): number {
  const mean = Math.fround(Math.fround(sum * input.scale) / divisor);
  return rounded(Math.fround(Math.fround(mean / output.scale) + output.zeroPoint), output);
}

/** The operator's result for a sum, if no float32 error can change it. */
function certainAverage({ input, output, values, divisor }: AverageWindow, sum: number): number | undefined {
  const { lo, hi } = rangeOf(input.dtype);
  const farthest = Math.max(hi - input.zeroPoint, input.zeroPoint - lo);
  const ratio = input.scale / (divisor * output.scale);
  const value = sum * ratio + output.zeroPoint;
  // Each value and each partial sum, of up to so many values, is rounded once; then the mean, the quotient, the shifted quotient.
  const sums = farthest * (values + (values * (values + 1)) / 2);
  const error = EPSILON * (sums * ratio + 4 * Math.abs(sum * ratio) + 2 * Math.abs(value));
  const [low, high] = [rounded(value - error, output), rounded(value + error, output)];
  return low === high ? low : undefined;
}

function rounded(value: number, { dtype }: Quantization): number {
  const { lo, hi } = rangeOf(dtype);
  return Math.max(lo, Math.min(hi, roundHalfEven(value)));
}
