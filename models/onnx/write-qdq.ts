import { type ConvLayer, type GemmLayer, type Layer, type Network, tensorOf } from "../ir/network.ts";
import { initializer, type Node, operatorNode, type Tensor } from "./proto.ts";
import { convAttributes, layerNodes, operandNames, quantizationNames, weightNames, window } from "./write-layer.ts";

/** Nodes of a network in QDQ form, and the constants that this form needs beside those of the QOperator form. */
export interface QdqNodes {
  readonly nodes: readonly Node[];
  readonly constants: readonly Tensor[];
}

/**
 * Writes layers as float operators between DequantizeLinear and QuantizeLinear, as ONNX Runtime's quantiser does. What
 * only moves or compares values (maximum pooling, upsampling, channel orders, clamps) works on the integers themselves.
 */
export function qdqNodes(network: Network): QdqNodes {
  const nodes: Node[] = [];
  const constants: Tensor[] = [];
  const read = new Set<string>();
  const real = (tensor: string): string => {
    const name = `${tensor}.dequantized`;
    if (!read.has(tensor)) nodes.push(operatorNode("DequantizeLinear", name, operandNames(tensor), [name]));
    read.add(tensor);
    return name;
  };
  for (const layer of network.layers) {
    const make = realOperator(layer);
    if (make === undefined) {
      nodes.push(...layerNodes(network, layer));
      continue;
    }
    const inputs = "inputs" in layer ? layer.inputs.map(real) : [real(layer.input)];
    if (layer.kind === "conv" || layer.kind === "gemm") {
      nodes.push(...dequantizedWeights(layer));
      constants.push(...biasQuantization(network, layer));
    }
    const { output } = layer;
    const result = `${output}.unquantized`;
    nodes.push(...make(inputs, result));
    nodes.push(operatorNode("QuantizeLinear", `${output}.quantized`, [result, ...quantizationNames(output)], [output]));
  }
  return { nodes, constants };
}

/** Makes the float operator of a layer; undefined for those that work on integers. */
function realOperator(layer: Layer): ((inputs: readonly string[], output: string) => readonly Node[]) | undefined {
  const { name } = layer;
  const plain =
    (operator: string, attributes = {}) =>
    (inputs: readonly string[], output: string) => [operatorNode(operator, name, inputs, [output], attributes)];
  switch (layer.kind) {
    case "conv":
      return (inputs, output) => {
        const operands = [...inputs, ...parameterNames(name)];
        return [operatorNode("Conv", name, operands, [output], convAttributes(layer))];
      };
    case "gemm":
      return (inputs, output) => {
        const flat = `${name}.flatten`;
        return [
          operatorNode("Flatten", flat, inputs, [flat], { axis: 1 }),
          operatorNode("Gemm", name, [flat, ...parameterNames(name)], [output], { transB: 1 }),
        ];
      };
    case "add":
      return plain("Add");
    case "globalAveragePool":
      return plain("GlobalAveragePool");
    case "averagePool":
      return plain("AveragePool", { ...window(layer), count_include_pad: layer.countIncludePad ? 1 : 0 });
    case "concat":
      return plain("Concat", { axis: 1 });
    default:
      return undefined;
  }
}

function parameterNames(layer: string): readonly [string, string] {
  return [`${layer}.weight.dequantized`, `${layer}.bias.dequantized`];
}

function biasNames(layer: string): readonly [string, string, string] {
  return [`${layer}.bias`, `${layer}.bias_scale`, `${layer}.bias_zero_point`];
}

function dequantizedWeights({ name }: ConvLayer | GemmLayer): readonly Node[] {
  const [weight, bias] = parameterNames(name);
  return [
    operatorNode("DequantizeLinear", weight, weightNames(name), [weight], { axis: 0 }),
    operatorNode("DequantizeLinear", bias, biasNames(name), [bias], { axis: 0 }),
  ];
}

/** A bias is in units of input scale times weight scale. */
function biasQuantization(network: Network, { name, input, weightScales }: ConvLayer | GemmLayer): readonly Tensor[] {
  const { scale } = tensorOf(network, input).quantization;
  const channels = weightScales.length;
  const [, scales, zeroPoints] = biasNames(name);
  return [
    initializer(
      scales,
      [channels],
      weightScales.map((weightScale) => scale * weightScale),
    ),
    initializer(zeroPoints, [channels], new Int32Array(channels)),
  ];
}
