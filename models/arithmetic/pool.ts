import type { Quantization } from "../ir/network.ts";

/**
 * QLinearGlobalAveragePool's factor from the sum of (q - zero point) over a channel to output units. The result of the
 * operator is `requantize(sum, scale, output zero point, lo, hi)`.
 *
 * @param elements height * width of the input, below 2^24
 */
export function poolScale(input: Quantization, output: Quantization, elements: number): number {
  return Math.fround(input.scale / Math.fround(output.scale * elements));
}
