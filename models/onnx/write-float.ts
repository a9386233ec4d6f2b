import { type FloatNetwork, type GraphNode, graphShapes, nodeInputs, shapeOf } from "../graph/index.ts";
import type { FeatureShape } from "../ir/network.ts";
import { flatTensors } from "./flat.ts";
import { encodeModel, initializer, type Node, operatorNode, type Tensor, valueInfo } from "./proto.ts";
import { convAttributes, window } from "./write-layer.ts";

/**
 * Writes a float network as ONNX (opset 13). Nodes keep their names, and the outputs have the names of their nodes.
 *
 * @throws VargenError if a node over pixels reads a fully connected layer's output, which has no height and width
 */
export function writeFloatNetwork(network: FloatNetwork): Uint8Array {
  const { graph } = network;
  const shapes = graphShapes(graph);
  const makers = graph.nodes.map((node) => ({ ...node, inputs: nodeInputs(node), output: node.name }));
  const flat = flatTensors(makers);
  const info = (name: string) => {
    const { channels, height, width } = shapeOf(shapes, name);
    return valueInfo(name, "float", flat.has(name) ? [1, channels] : [1, channels, height, width]);
  };
  const parts = graph.nodes.map((node) => writeNode(network, node, shapeOf(shapes, nodeInputs(node)[0])));
  return encodeModel({
    name: graph.name,
    node: parts.flatMap(({ nodes }) => nodes),
    initializer: parts.flatMap(({ constants }) => constants),
    input: [info(graph.input)],
    output: graph.outputs.map(info),
  });
}

interface Written {
  readonly nodes: readonly Node[];
  readonly constants: readonly Tensor[];
}

function writeNode(network: FloatNetwork, node: GraphNode, input: FeatureShape): Written {
  const { name } = node;
  const inputs = nodeInputs(node);
  const one = (operator: string, attributes = {}, constants: readonly Tensor[] = [], operands = inputs): Written => ({
    nodes: [operatorNode(operator, name, operands, [name], attributes)],
    constants,
  });
  switch (node.kind) {
    case "conv":
    case "gemm":
      return weighted(network, node, input);
    case "add":
      return bounded(node, (output) => [operatorNode("Add", name, inputs, [output])], []);
    case "globalAveragePool":
      return one("GlobalAveragePool");
    case "maxPool":
      return one("MaxPool", window(node));
    case "averagePool":
      return one("AveragePool", { ...window(node), count_include_pad: node.countIncludePad ? 1 : 0 });
    case "concat":
      return one("Concat", { axis: 1 });
    case "upsample": {
      const modes = { coordinate_transformation_mode: { text: "asymmetric" }, nearest_mode: { text: "floor" } };
      const scales = initializer(`${name}.scales`, [4], Float32Array.of(1, 1, 2, 2));
      return one("Resize", { mode: { text: "nearest" }, ...modes }, [scales], [...inputs, "", `${name}.scales`]);
    }
    case "channels": {
      const order = initializer(`${name}.order`, [node.order.length], node.order);
      return one("Gather", { axis: 1 }, [order], [...inputs, `${name}.order`]);
    }
    case "split": {
      const bounds = ["starts", "ends", "axes"].map((part) => `${name}.${part}`);
      const values = [node.start, node.start + node.channels, 1];
      const constants = values.map((value, i) => initializer(bounds[i], [1], BigInt64Array.of(BigInt(value))));
      return one("Slice", {}, constants, [...inputs, ...bounds]);
    }
    case "channelShuffle":
      return shuffle(node, input);
  }
}

function weighted(
  { parameters }: FloatNetwork,
  node: Extract<GraphNode, { readonly kind: "conv" | "gemm" }>,
  input: FeatureShape,
): Written {
  const { name } = node;
  const given = parameters.get(name);
  if (given === undefined) throw new Error(`node ${name} has no parameters`);
  const operands = [`${name}.weight`, `${name}.bias`];
  const channels = node.outputChannels;
  const depth = given.weights.length / channels;
  const shape =
    node.kind === "conv"
      ? [channels, input.channels / node.groups, node.kernel.height, node.kernel.width]
      : [channels, depth];
  const constants = [initializer(operands[0], shape, given.weights), initializer(operands[1], [channels], given.bias)];
  if (node.kind === "conv")
    return bounded(
      node,
      (output) => [operatorNode("Conv", name, [node.input, ...operands], [output], convAttributes(node))],
      constants,
    );
  const flat = `${name}.flatten`;
  return bounded(
    node,
    (output) => [
      operatorNode("Flatten", flat, [node.input], [flat], { axis: 1 }),
      operatorNode("Gemm", name, [flat, ...operands], [output], { transB: 1 }),
    ],
    constants,
  );
}

/** A node, and its Relu or Clip. */
function bounded(
  { name, relu, ceiling }: Extract<GraphNode, { readonly relu: boolean }>,
  make: (output: string) => readonly Node[],
  constants: readonly Tensor[],
): Written {
  if (!relu) return { nodes: make(name), constants };
  const linear = `${name}.linear`;
  if (ceiling === undefined)
    return { nodes: [...make(linear), operatorNode("Relu", `${name}.relu`, [linear], [name])], constants };
  const bounds = [`${name}.floor`, `${name}.ceiling`];
  return {
    nodes: [...make(linear), operatorNode("Clip", `${name}.relu`, [linear, ...bounds], [name])],
    constants: [
      ...constants,
      initializer(bounds[0], [], Float32Array.of(0)),
      initializer(bounds[1], [], Float32Array.of(ceiling)),
    ],
  };
}

/** Reshape, Transpose, Reshape, as PyTorch exports a channel shuffle. */
function shuffle(
  { name, input, groups }: Extract<GraphNode, { readonly kind: "channelShuffle" }>,
  { channels, height, width }: FeatureShape,
): Written {
  const [split, turned] = [`${name}.grouped`, `${name}.transposed`];
  const shapes = [
    [1, groups, channels / groups, height, width],
    [1, channels, height, width],
  ];
  const constants = shapes.map((shape, i) =>
    initializer(`${name}.shape${i}`, [shape.length], BigInt64Array.from(shape, BigInt)),
  );
  return {
    nodes: [
      operatorNode("Reshape", split, [input, `${name}.shape0`], [split]),
      operatorNode("Transpose", name, [split], [turned], { perm: [0, 2, 1, 3, 4] }),
      operatorNode("Reshape", `${name}.joined`, [turned, `${name}.shape1`], [name]),
    ],
    constants,
  };
}
