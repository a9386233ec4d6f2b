import { newActivations } from "../ir/activations.ts";
import type { Activations, Quantization } from "../ir/network.ts";
import { dequantizeValue, quantizeValue } from "./quantize.ts";
import { rangeOf } from "./range.ts";

/**
 * QuantizeLinear of DequantizeLinear for every value of the input's type, from its least one upwards, clamped to
 * [lo, hi]: 256 values of the output's type. It is what QLinearConcat does to each of its inputs.
 */
export function requantizeTable(
  input: Quantization,
  output: Quantization,
  lo: number = rangeOf(output.dtype).lo,
  hi: number = rangeOf(output.dtype).hi,
): Activations {
  const { lo: least } = rangeOf(input.dtype);
  return newActivations(output.dtype, 256).map((_, i) =>
    Math.max(lo, Math.min(hi, quantizeValue(dequantizeValue(least + i, input), output))),
  );
}
