import { rangeOf, requantizeTable } from "../arithmetic/index.ts";
import type { Activations, ActivationType, RequantizeLayer, TensorInfo } from "../ir/network.ts";

/** ONNX QuantizeLinear of DequantizeLinear, clamped to the layer's bounds. */
export function requantizeMap(
  { lo, hi }: RequantizeLayer,
  values: Activations,
  input: TensorInfo,
  output: TensorInfo,
): Activations {
  const table = requantizeTable(input.quantization, output.quantization, lo, hi);
  return applyTable(values, input.quantization.dtype, table);
}

/** Looks every value up in a table that begins with the type's least value. */
export function applyTable(values: Activations, dtype: ActivationType, table: Activations): Activations {
  const { lo } = rangeOf(dtype);
  const result = table instanceof Int8Array ? new Int8Array(values.length) : new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = table[values[i] - lo];
  return result;
}
