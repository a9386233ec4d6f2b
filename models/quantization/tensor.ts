import { quantizeValue } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, Quantization } from "../ir/network.ts";

/** Real values as integers of a quantisation. */
export function quantizeTensor(values: Float32Array, quantization: Quantization): Activations {
  const result = newActivations(quantization.dtype, values.length);
  for (let i = 0; i < values.length; i++) result[i] = quantizeValue(values[i], quantization);
  return result;
}
