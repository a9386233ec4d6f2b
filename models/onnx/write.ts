import { layerInputs, type Network, tensorOf } from "../ir/network.ts";
import { flatTensors } from "./flat.ts";
import { encodeModel, type Node, operatorNode, valueInfo } from "./proto.ts";
import { layerConstants, layerNodes, operandNames, quantizationConstants, quantizationNames } from "./write-layer.ts";
import { qdqNodes } from "./write-qdq.ts";

/** Forms that a quantised network is written in. */
export type QuantizedForm = "qoperator" | "qdq";

/** Options of {@link writeNetwork}. */
export interface WriteOptions {
  /**
   * `qoperator` (default): integer operators. `qdq`: float operators between DequantizeLinear and QuantizeLinear, which
   * ONNX Runtime fuses into the same integer operators, and other tools read too.
   */
  readonly form?: QuantizedForm;
  /** Take the input and give the output as float32, through QuantizeLinear and DequantizeLinear (default false). */
  readonly float?: boolean;
  /** Make every intermediate tensor an output of the graph too (default false): for comparing layer by layer. */
  readonly intermediates?: boolean;
}

/**
 * Writes a network as ONNX (opset 13, com.microsoft 1), as ONNX Runtime runs it. Tensors and nodes keep their names, so
 * that blocks survive (a block is the part of a node's name before `/`), and `readNetwork` gives the same network again.
 *
 * With `float`, the graph's input is `<input>.float` and each output `<output>.float`.
 *
 * @throws VargenError if a layer over pixels reads a fully connected layer's output, which has no height and width
 */
export function writeNetwork(network: Network, options: WriteOptions = {}): Uint8Array {
  const { form = "qoperator", float = false, intermediates = false } = options;
  const flat = flatTensors(network.layers.map((layer) => ({ ...layer, inputs: layerInputs(layer) })));
  const initializers = [...network.tensors.values()].flatMap(quantizationConstants);
  for (const layer of network.layers) initializers.push(...layerConstants(network, layer));
  const nodes: Node[] = [];
  if (form === "qdq") {
    const written = qdqNodes(network);
    nodes.push(...written.nodes);
    initializers.push(...written.constants);
  } else for (const layer of network.layers) nodes.push(...layerNodes(network, layer));
  const shapeOf = (name: string): readonly number[] => {
    const { channels, height, width } = tensorOf(network, name).shape;
    return flat.has(name) ? [1, channels] : [1, channels, height, width];
  };
  const info = (name: string) => valueInfo(name, tensorOf(network, name).quantization.dtype, shapeOf(name));
  const floatInfo = (name: string) => valueInfo(`${name}.float`, "float", shapeOf(name));
  const { input, outputs } = network;
  if (float) {
    nodes.unshift(
      operatorNode("QuantizeLinear", `${input}.quantize`, [`${input}.float`, ...quantizationNames(input)], [input]),
    );
    for (const output of outputs)
      nodes.push(operatorNode("DequantizeLinear", `${output}.dequantize`, operandNames(output), [`${output}.float`]));
  }
  const inner = network.layers.map((layer) => layer.output).filter((name) => !outputs.includes(name));
  return encodeModel({
    name: network.name,
    node: nodes,
    initializer: initializers,
    input: [float ? floatInfo(input) : info(input)],
    output: [...outputs.map(float ? floatInfo : info), ...(intermediates ? inner.map(info) : [])],
  });
}
