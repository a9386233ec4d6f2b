import { VargenError } from "../errors.ts";
import { newActivations } from "../ir/activations.ts";
import { type Layer, layerInputs, type Network, type TensorInfo, tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { encodeModel, initializer, type Node, operatorNode, type Tensor, valueInfo } from "./proto.ts";

const microsoft = "com.microsoft";

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
 * With `float`, the graph's input is `<input>.float` and its output `<output>.float`.
 *
 * @throws VargenError if a convolution or pooling reads a fully connected layer's output, which has no height and width
 */
export function writeNetwork(network: Network, options: WriteOptions = {}): Uint8Array {
  const { float = false, intermediates = false } = options;
  checkWritable(network);
  const nodes: Node[] = network.layers.flatMap((layer) => layerNodes(layer));
  const initializers = [...network.tensors.values()].flatMap(quantizationInitializers);
  for (const layer of network.layers) initializers.push(...weightInitializers(network, layer));
  const info = (name: string) => valueInfo(name, tensorOf(network, name).quantization.dtype, onnxShape(network, name));
  const floatInfo = (name: string) => valueInfo(`${name}.float`, "float", onnxShape(network, name));
  const { input, output } = network;
  if (float) {
    nodes.unshift(
      operatorNode("QuantizeLinear", `${input}.quantize`, [`${input}.float`, ...quantizationNames(input)], [input]),
    );
    nodes.push(operatorNode("DequantizeLinear", `${output}.dequantize`, operandNames(output), [`${output}.float`]));
  }
  const inner = network.layers.map((layer) => layer.output).filter((name) => name !== output);
  return encodeModel({
    name: network.name,
    node: nodes,
    initializer: initializers,
    input: [float ? floatInfo(input) : info(input)],
    output: [float ? floatInfo(output) : info(output), ...(intermediates ? inner.map(info) : [])],
  });
}

function layerNodes(layer: Layer): readonly Node[] {
  const { name, output } = layer;
  switch (layer.kind) {
    case "conv": {
      const { kernel, stride, padding, groups } = layer;
      const inputs = [...operandNames(layer.input), ...weightNames(name), ...quantizationNames(output), `${name}.bias`];
      const attributes = {
        group: groups,
        kernel_shape: [kernel.height, kernel.width],
        strides: [stride.y, stride.x],
        pads: [padding.top, padding.left, padding.bottom, padding.right],
        dilations: [1, 1],
      };
      return [operatorNode("QLinearConv", name, inputs, [output], attributes)];
    }
    case "gemm": {
      const [, ...quantization] = operandNames(layer.input);
      const flat = `${name}.flatten`;
      const inputs = [flat, ...quantization, ...weightNames(name), `${name}.bias`, ...quantizationNames(output)];
      return [
        operatorNode("Flatten", flat, [layer.input], [flat], { axis: 1 }),
        operatorNode("QGemm", name, inputs, [output], { transB: 1, alpha: { float: 1 } }, microsoft),
      ];
    }
    case "add": {
      const inputs = [...layer.inputs.flatMap(operandNames), ...quantizationNames(output)];
      return [operatorNode("QLinearAdd", name, inputs, [output], {}, microsoft)];
    }
    case "globalAveragePool": {
      const inputs = [...operandNames(layer.input), ...quantizationNames(output)];
      return [operatorNode("QLinearGlobalAveragePool", name, inputs, [output], { channels_last: 0 }, microsoft)];
    }
  }
}

function quantizationInitializers({ name, quantization }: TensorInfo): readonly Tensor[] {
  const [scale, zeroPoint] = quantizationNames(name);
  return [
    initializer(scale, [], Float32Array.of(quantization.scale)),
    initializer(zeroPoint, [], newActivations(quantization.dtype, 1).fill(quantization.zeroPoint)),
  ];
}

function weightInitializers(network: Network, layer: Layer): readonly Tensor[] {
  if (layer.kind !== "conv" && layer.kind !== "gemm") return [];
  const [weights, scales, zeroPoints] = weightNames(layer.name);
  const channels = layer.bias.length;
  const input = tensorOf(network, layer.input).shape;
  const shape =
    layer.kind === "conv"
      ? [channels, input.channels / layer.groups, layer.kernel.height, layer.kernel.width]
      : [channels, elementCount(input)];
  return [
    initializer(weights, shape, layer.weights),
    initializer(scales, [channels], layer.weightScales),
    initializer(zeroPoints, [channels], new Int8Array(channels)),
    initializer(`${layer.name}.bias`, [channels], layer.bias),
  ];
}

function quantizationNames(tensor: string): readonly [string, string] {
  return [`${tensor}.scale`, `${tensor}.zero_point`];
}

function operandNames(tensor: string): readonly string[] {
  return [tensor, ...quantizationNames(tensor)];
}

function weightNames(layer: string): readonly [string, string, string] {
  return [`${layer}.weight`, `${layer}.weight_scale`, `${layer}.weight_zero_point`];
}

/** A fully connected layer's output has two dimensions in ONNX, and so has a sum of such. */
function isFlat(network: Network, tensor: string): boolean {
  const producer = network.layers.find((layer) => layer.output === tensor);
  if (producer === undefined) return false;
  return producer.kind === "gemm" || (producer.kind === "add" && producer.inputs.some((name) => isFlat(network, name)));
}

function onnxShape(network: Network, tensor: string): readonly number[] {
  const { channels, height, width } = tensorOf(network, tensor).shape;
  return isFlat(network, tensor) ? [1, channels] : [1, channels, height, width];
}

function checkWritable(network: Network): void {
  const problems = network.layers
    .filter((layer) => {
      const flat = layerInputs(layer).map((name) => isFlat(network, name));
      return layer.kind === "add" ? flat.includes(true) && flat.includes(false) : layer.kind !== "gemm" && flat[0];
    })
    .map((layer) => ({
      code: "onnx/flat-input",
      path: layer.name,
      message: "it reads a fully connected layer's output, which has no height and width in ONNX",
      hint: "end the network with its fully connected layers",
    }));
  if (problems.length > 0) throw new VargenError(problems);
}
