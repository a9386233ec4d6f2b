import { effectiveScale, roundHalfEven } from "../arithmetic/index.ts";
import type { FloatParameters } from "../graph/index.ts";
import { accumulatorBounds, accumulatorLimit, effectiveScaleLimits } from "../ir/limits.ts";
import type { GemmLayer, Quantization } from "../ir/network.ts";

/** Integer weights, scales and biases of a conv or gemm layer. */
export type QuantizedWeights = Pick<GemmLayer, "weights" | "weightScales" | "bias">;

/**
 * Quantises weights per output channel, symmetrically to [-127, 127], and biases to int32.
 *
 * A channel's scale is its largest magnitude / 127, but larger where the hardware's limits ask for it: its accumulator
 * then stays within `accumulatorLimit` and its effective scale reaches `effectiveScaleLimits.lo`. Channels of
 * negligible weights, which batch normalisation leaves behind, are the ones that need it.
 */
export function quantizeWeights(
  parameters: FloatParameters,
  input: Quantization,
  output: Quantization,
): QuantizedWeights {
  const channels = parameters.bias.length;
  const depth = parameters.weights.length / channels;
  const weights = new Int8Array(parameters.weights.length);
  const weightScales = new Float32Array(channels);
  const bias = new Int32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const real = parameters.weights.subarray(channel * depth, (channel + 1) * depth);
    let scale = firstScale(real, input, output);
    for (;;) {
      const quantized = quantizeChannel(real, parameters.bias[channel], scale, input.scale);
      const [bound] = accumulatorBounds({ ...emptyLayer, ...quantized }, input);
      if (bound <= accumulatorLimit) {
        weights.set(quantized.weights, channel * depth);
        bias.set(quantized.bias, channel);
        weightScales[channel] = scale;
        break;
      }
      scale = Math.fround(scale * Math.max(1.001, bound / accumulatorLimit));
    }
  }
  return { weights, weightScales, bias };
}

function firstScale(real: Float32Array, input: Quantization, output: Quantization): number {
  const largest = real.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
  let scale = Math.fround(Math.max(largest / 127, (effectiveScaleLimits.lo * output.scale) / input.scale));
  while (effectiveScale(input.scale, scale, output.scale) < effectiveScaleLimits.lo) scale = Math.fround(scale * 1.001);
  return scale;
}

const emptyLayer = { kind: "gemm", name: "", input: "", output: "", weightScales: new Float32Array(1) } as const;

function quantizeChannel(
  real: Float32Array,
  bias: number,
  scale: number,
  inputScale: number,
): Pick<GemmLayer, "weights" | "bias"> {
  const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, roundHalfEven(value)));
  return {
    weights: Int8Array.from(real, (weight) => clamp(weight / scale, 127)),
    bias: Int32Array.of(clamp(bias / (inputScale * scale), 2 ** 31 - 1)),
  };
}
