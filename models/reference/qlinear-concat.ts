import { requantizeTable } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { type Activations, type ConcatLayer, type Network, tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { applyTable } from "./requantize-map.ts";

/** ONNX Runtime's QLinearConcat along the channels; operands in the layer's order. */
export function qlinearConcat(network: Network, layer: ConcatLayer, operands: readonly Activations[]): Activations {
  const output = tensorOf(network, layer.output);
  const result = newActivations(output.quantization.dtype, elementCount(output.shape));
  let start = 0;
  operands.forEach((values, index) => {
    const { quantization } = tensorOf(network, layer.inputs[index]);
    const table = requantizeTable(quantization, output.quantization);
    result.set(applyTable(values, quantization.dtype, table), start);
    start += values.length;
  });
  return result;
}
