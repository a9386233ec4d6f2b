import { rangeOf, roundHalfEven } from "../arithmetic/index.ts";
import type { ActivationType, Quantization } from "../ir/network.ts";
import type { ValueRange } from "./ranges.ts";

/** Below it float32 loses precision in quotients of scales. */
const smallestScale = 2 ** -60;

/**
 * The affine quantisation of a tensor with the given range. The range is widened to hold 0, which is exact (padding
 * needs it); where nothing is negative, as after a ReLU, the zero point is the type's minimum, so that the clamp at the
 * type's lower bound is the ReLU.
 *
 * @param leastScale the scale is no smaller than this
 */
export function activationQuantization(range: ValueRange, dtype: ActivationType, leastScale = 0): Quantization {
  const { lo, hi } = rangeOf(dtype);
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  const span = max - min;
  const own = span > 0 ? Math.max(smallestScale, Math.fround(span / (hi - lo))) : 1;
  const scale = Math.max(own, Math.fround(leastScale));
  const zeroPoint = Math.min(hi, Math.max(lo, roundHalfEven(lo - min / scale)));
  return { dtype, scale, zeroPoint };
}
