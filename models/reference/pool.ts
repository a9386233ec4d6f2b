import { dequantizeValue, rangeOf, roundHalfEven } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, AveragePoolLayer, MaxPoolLayer, TensorInfo } from "../ir/network.ts";

/** ONNX MaxPool: NCHW in, NCHW out. */
export function maxPool(layer: MaxPoolLayer, values: Activations, input: TensorInfo, output: TensorInfo): Activations {
  const { dtype } = output.quantization;
  const { lo } = rangeOf(dtype);
  return pooled(layer, input, output, (indices) => {
    let largest = lo;
    for (const index of indices) if (values[index] > largest) largest = values[index];
    return largest;
  });
}

/**
 * ONNX Runtime's QLinearAveragePool, which works in float32: the sum of the dequantised values, row by row, divided by
 * their number and by the output's scale, the zero point added before rounding.
 */
export function averagePool(
  layer: AveragePoolLayer,
  values: Activations,
  input: TensorInfo,
  output: TensorInfo,
): Activations {
  const { dtype, scale, zeroPoint } = output.quantization;
  const { lo, hi } = rangeOf(dtype);
  const inputRange = rangeOf(input.quantization.dtype);
  const real = Float32Array.from({ length: 256 }, (_, i) => dequantizeValue(i + inputRange.lo, input.quantization));
  const whole = layer.kernel.height * layer.kernel.width;
  return pooled(layer, input, output, (indices) => {
    let sum = 0;
    for (const index of indices) sum = Math.fround(sum + real[values[index] - inputRange.lo]);
    const mean = Math.fround(sum / (layer.countIncludePad ? whole : indices.length));
    const rounded = roundHalfEven(Math.fround(Math.fround(mean / scale) + zeroPoint));
    return Math.max(lo, Math.min(hi, rounded));
  });
}

/** Fills an output from the input indices that each of its windows covers, row by row, padding left out. */
function pooled(
  { kernel, stride, padding }: MaxPoolLayer | AveragePoolLayer,
  { shape: input }: TensorInfo,
  { shape, quantization }: TensorInfo,
  reduce: (indices: readonly number[]) => number,
): Activations {
  const result = newActivations(quantization.dtype, shape.channels * shape.height * shape.width);
  const indices: number[] = [];
  for (let channel = 0, i = 0; channel < shape.channels; channel++)
    for (let y = 0; y < shape.height; y++) {
      const top = y * stride.y - padding.top;
      const [firstRow, endRow] = [Math.max(top, 0), Math.min(top + kernel.height, input.height)];
      for (let x = 0; x < shape.width; x++) {
        const left = x * stride.x - padding.left;
        const end = Math.min(left + kernel.width, input.width);
        indices.length = 0;
        for (let row = firstRow; row < endRow; row++)
          for (let column = Math.max(left, 0); column < end; column++)
            indices.push((channel * input.height + row) * input.width + column);
        result[i++] = reduce(indices);
      }
    }
  return result;
}
