import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { type Activations, type AddLayer, type Network, tensorOf } from "../ir/network.ts";
import { preparedTable } from "./prepare.ts";

/** ONNX Runtime's QLinearAdd of two tensors of one shape; operands in the layer's order. */
export function qlinearAdd(network: Network, layer: AddLayer, a: Activations, b: Activations): Activations {
  const { dtype } = tensorOf(network, layer.output).quantization;
  const { lo } = rangeOf(dtype);
  const { table, lead } = preparedTable(network, layer);
  const [first, second] = lead === 0 ? [a, b] : [b, a];
  const result = newActivations(dtype, a.length);
  for (let i = 0; i < result.length; i++) result[i] = table[(first[i] - lo) * 256 + (second[i] - lo)];
  return result;
}
