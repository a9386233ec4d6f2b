import { poolScale, rangeOf, requantize } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, TensorInfo } from "../ir/network.ts";

/** ONNX Runtime's QLinearGlobalAveragePool, channels first. */
export function qlinearGlobalAveragePool(values: Activations, input: TensorInfo, output: TensorInfo): Activations {
  const area = input.shape.height * input.shape.width;
  const { dtype, zeroPoint } = output.quantization;
  const { lo, hi } = rangeOf(dtype);
  const scale = poolScale(input.quantization, output.quantization, area);
  const result = newActivations(dtype, input.shape.channels);
  for (let channel = 0; channel < result.length; channel++) {
    let sum = -area * input.quantization.zeroPoint;
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += values[i];
    result[channel] = requantize(sum, scale, zeroPoint, lo, hi);
  }
  return result;
}
