import { effectiveScale, rangeOf, requantize } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, ConvLayer, TensorInfo } from "../ir/network.ts";

/** The definition of a quantised convolution, written for reading: one output at a time, NCHW. */
export function naiveConv(layer: ConvLayer, values: Activations, input: TensorInfo, output: TensorInfo): Activations {
  const { channels, height, width } = output.shape;
  const perGroup = input.shape.channels / layer.groups;
  const { lo, hi } = rangeOf(output.quantization.dtype);
  const result = newActivations(output.quantization.dtype, channels * height * width);
  for (let o = 0; o < channels; o++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = layer.bias[o];
        for (let i = 0; i < perGroup; i++)
          for (let ky = 0; ky < layer.kernel.height; ky++)
            for (let kx = 0; kx < layer.kernel.width; kx++) {
              const row = y * layer.stride.y - layer.padding.top + ky;
              const column = x * layer.stride.x - layer.padding.left + kx;
              if (row < 0 || column < 0 || row >= input.shape.height || column >= input.shape.width) continue;
              const group = Math.floor((o * layer.groups) / channels);
              const value = values[((group * perGroup + i) * input.shape.height + row) * input.shape.width + column];
              const weight = layer.weights[((o * perGroup + i) * layer.kernel.height + ky) * layer.kernel.width + kx];
              sum += weight * (value - input.quantization.zeroPoint);
            }
        const scale = effectiveScale(input.quantization.scale, layer.weightScales[o], output.quantization.scale);
        result[(o * height + y) * width + x] = requantize(sum, scale, output.quantization.zeroPoint, lo, hi);
      }
  return result;
}
