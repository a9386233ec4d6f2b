import { rangeOf, roundHalfEven } from "../arithmetic/index.ts";
import type { ActivationType, Quantization } from "../ir/network.ts";
import type { ValueRange } from "./ranges.ts";

/** Below it float32 loses precision in quotients of scales. */
const smallestScale = 2 ** -60;

/**
 * The affine quantisation of a tensor with the given range. The range is widened to hold 0, which is exact (padding
 * needs it); where nothing is negative, as after a ReLU, the zero point is the type's minimum, so that the clamp at the
 * type's lower bound is the ReLU.
 */
export function activationQuantization(range: ValueRange, dtype: ActivationType): Quantization {
  const { lo, hi } = rangeOf(dtype);
  const span = Math.max(0, range.max) - Math.min(0, range.min);
  const scale = span > 0 ? Math.max(smallestScale, Math.fround(span / (hi - lo))) : 1;
  return quantizationAt(scale, range, dtype);
}

/** The quantisation of a given scale, at least that of {@link activationQuantization}, for a range. */
export function quantizationAt(scale: number, range: ValueRange, dtype: ActivationType): Quantization {
  const { lo, hi } = rangeOf(dtype);
  const min = Math.min(0, range.min);
  const zeroPoint = Math.min(hi, Math.max(lo, roundHalfEven(lo - min / scale)));
  return { dtype, scale, zeroPoint };
}
