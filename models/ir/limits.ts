import type { ConvLayer, GemmLayer, Quantization } from "./network.ts";

/** Largest magnitude of an accumulator for which the hardware's requantiser is exact: 2^26 - 3. */
export const accumulatorLimit = 2 ** 26 - 3;

/** Effective scales that the hardware's requantiser takes: from `lo` up to, but not including, `hi`. */
export const effectiveScaleLimits = { lo: 2 ** -27, hi: 16 } as const;

/**
 * What hardware that multiplies int8 values adds to its sums: the bias less the zero point's share. A uint8 activation
 * enters as q - 128, an int8 one as it is.
 *
 * @returns one int32 per output channel
 */
export function correctedBias(layer: ConvLayer | GemmLayer, input: Quantization): Int32Array {
  const zeroPoint = input.zeroPoint - (input.dtype === "uint8" ? 128 : 0);
  const depth = layer.weights.length / layer.bias.length;
  return layer.bias.map((bias, channel) => {
    let sum = 0;
    for (let k = channel * depth; k < (channel + 1) * depth; k++) sum += layer.weights[k];
    return bias - zeroPoint * sum;
  });
}

/**
 * The largest magnitude that each output channel's accumulator can take: sum of |weight| * 128 + |corrected bias|.
 *
 * @returns one number per output channel
 */
export function accumulatorBounds(layer: ConvLayer | GemmLayer, input: Quantization): Float64Array {
  const depth = layer.weights.length / layer.bias.length;
  const biases = correctedBias(layer, input);
  return Float64Array.from(biases, (bias, channel) => {
    let sum = 0;
    for (let k = channel * depth; k < (channel + 1) * depth; k++) sum += Math.abs(layer.weights[k]);
    return sum * 128 + Math.abs(bias);
  });
}
