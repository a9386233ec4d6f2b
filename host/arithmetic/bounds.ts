/** Smallest and largest value that a channel's accumulator can take. */
export interface AccumulatorRange {
  readonly lo: number;
  readonly hi: number;
}

/** Width of the array's accumulators, signed. */
export const RAW_BITS = 28;

/**
 * Range of `sum(weights * (x - zero)) + bias` over all int8 inputs x.
 *
 * @param zero input zero point in the int8 frame (0 gives the raw sum's range)
 */
export function accumulatorRange(weights: Int8Array, zero: number, bias: number): AccumulatorRange {
  let positive = 0;
  let negative = 0;
  for (const weight of weights) {
    if (weight > 0) positive += weight;
    else negative += weight;
  }
  const least = -128 - zero;
  const most = 127 - zero;
  return { lo: bias + positive * least + negative * most, hi: bias + positive * most + negative * least };
}
