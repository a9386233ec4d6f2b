import type { FeatureShape } from "../ir/network.ts";
import { convOutputShape, elementCount, sameShape } from "../ir/shape.ts";
import type { GraphNode, NetworkGraph } from "./graph.ts";

/** Input tensors of a node, in order. */
export function nodeInputs(node: GraphNode): readonly string[] {
  return "inputs" in node ? node.inputs : [node.input];
}

/** Extents of every tensor of a graph. @throws Error if a node reads what is not made before, or extents do not fit */
export function graphShapes(graph: NetworkGraph): Map<string, FeatureShape> {
  const shapes = new Map([[graph.input, graph.inputShape]]);
  for (const node of graph.nodes) {
    const inputs = nodeInputs(node).map((name) => shapeOf(shapes, name));
    checkOperands(node, inputs);
    const [first] = inputs;
    const output = nodeOutputShape(node, first);
    const channels = inputs.reduce((sum, input) => sum + input.channels, 0);
    shapes.set(node.name, node.kind === "concat" ? { ...output, channels } : output);
  }
  return shapes;
}

/** Extents of a node's output, from those of its first input (of a concatenation: without the other inputs). */
export function nodeOutputShape(node: GraphNode, input: FeatureShape): FeatureShape {
  switch (node.kind) {
    case "conv":
      return convOutputShape(node, node.outputChannels, input);
    case "gemm":
      return { channels: node.outputChannels, height: 1, width: 1 };
    case "globalAveragePool":
      return { channels: input.channels, height: 1, width: 1 };
    case "maxPool":
    case "averagePool":
      return convOutputShape(node, input.channels, input);
    case "upsample":
      return { channels: input.channels, height: 2 * input.height, width: 2 * input.width };
    case "split":
      return { ...input, channels: node.channels };
    case "channels":
      return { ...input, channels: node.order.length };
    case "add":
    case "concat":
    case "channelShuffle":
      return input;
  }
}

/** Number of weights of a node, biases excluded; 0 for nodes without any. */
export function weightCount(node: GraphNode, input: FeatureShape): number {
  if (node.kind === "gemm") return node.outputChannels * elementCount(input);
  if (node.kind !== "conv") return 0;
  return node.outputChannels * (input.channels / node.groups) * node.kernel.height * node.kernel.width;
}

/** Looks up a shape. @throws Error if there is none (a bug, not bad input) */
export function shapeOf(shapes: ReadonlyMap<string, FeatureShape>, tensor: string | undefined): FeatureShape {
  const shape = tensor === undefined ? undefined : shapes.get(tensor);
  if (shape === undefined) throw new Error(`the graph makes no tensor '${tensor}'`);
  return shape;
}

function checkOperands(node: GraphNode, inputs: readonly FeatureShape[]): void {
  const [first, ...others] = inputs;
  const fits = (other: FeatureShape): boolean =>
    node.kind === "add" ? sameShape(first, other) : sameShape(first, { ...other, channels: first.channels });
  if (!others.every(fits)) throw new Error(`the inputs of ${node.name} do not fit together`);
  const divides =
    node.kind !== "conv" || (first.channels % node.groups === 0 && node.outputChannels % node.groups === 0);
  if (!divides) throw new Error(`the groups of ${node.name} do not divide its channels`);
}
