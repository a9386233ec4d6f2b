import { type Problem, VargenError } from "../errors.ts";
import { type Layer, layerInputs, type Network, tensorOf } from "../ir/network.ts";
import { encodeModel, type Node, operatorNode, valueInfo } from "./proto.ts";
import { layerConstants, layerNodes, operandNames, quantizationConstants, quantizationNames } from "./write-layer.ts";

/** Options of {@link writeNetwork}. */
export interface WriteOptions {
  /** Take the input and give the output as float32, through QuantizeLinear and DequantizeLinear (default false). */
  readonly float?: boolean;
  /** Make every intermediate tensor an output of the graph too (default false): for comparing layer by layer. */
  readonly intermediates?: boolean;
}

/**
 * Writes a network as ONNX in QOperator form (opset 13, com.microsoft 1), as ONNX Runtime runs it. Tensors and nodes keep
 * their names, so that blocks survive (a block is the part of a node's name before `/`).
 *
 * With `float`, the graph's input is `<input>.float` and each output `<output>.float`.
 *
 * @throws VargenError if a layer over pixels reads a fully connected layer's output, which has no height and width
 */
export function writeNetwork(network: Network, options: WriteOptions = {}): Uint8Array {
  const { float = false, intermediates = false } = options;
  const flat = flatTensors(network);
  const nodes: Node[] = network.layers.flatMap((layer) => layerNodes(network, layer));
  const initializers = [...network.tensors.values()].flatMap(quantizationConstants);
  for (const layer of network.layers) initializers.push(...layerConstants(network, layer));
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

/** Kinds that take and give tensors of two dimensions as well as of four. */
const shapeless: readonly Layer["kind"][] = ["add", "concat", "channels", "requantize"];

/**
 * Tensors that have two dimensions in ONNX: outputs of fully connected layers, and what is made of such alone.
 * @throws VargenError for layers that cannot read them
 */
function flatTensors(network: Network): ReadonlySet<string> {
  const flat = new Set<string>();
  const problems: Problem[] = [];
  for (const layer of network.layers) {
    const operands = layerInputs(layer).map((name) => flat.has(name));
    const all = operands.every((one) => one);
    if (layer.kind === "gemm" || (shapeless.includes(layer.kind) && all)) flat.add(layer.output);
    else if (operands.includes(true))
      problems.push({
        code: "onnx/flat-input",
        path: layer.name,
        message: "it reads a fully connected layer's output, which has no height and width in ONNX",
        hint: "end the network with its fully connected layers",
      });
  }
  if (problems.length > 0) throw new VargenError(problems);
  return flat;
}
