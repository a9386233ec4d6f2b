import type { ConvLayer, FeatureShape } from "../ir/network.ts";
import { convOutputShape, elementCount } from "../ir/shape.ts";

/**
 * A network of real numbers as a graph of fused nodes: batch normalisation is a flag of its convolution (or folded into
 * its weights already), ReLU a flag of the node that it follows. A node has the name of the tensor that it makes; a
 * block's nodes are named `<block>/<node>`.
 */
export interface ConvNode {
  readonly kind: "conv";
  readonly name: string;
  readonly input: string;
  readonly outputChannels: number;
  readonly groups: number;
  readonly kernel: ConvLayer["kernel"];
  readonly stride: ConvLayer["stride"];
  readonly padding: ConvLayer["padding"];
  /** Whether a batch normalisation follows (instead of a bias). */
  readonly batchNorm: boolean;
  readonly relu: boolean;
}

/** Fully connected layer with bias over the flattened CHW input. */
export interface GemmNode {
  readonly kind: "gemm";
  readonly name: string;
  readonly input: string;
  readonly outputChannels: number;
  readonly relu: boolean;
}

/** Sum of two tensors of one shape. */
export interface AddNode {
  readonly kind: "add";
  readonly name: string;
  readonly inputs: readonly [string, string];
  readonly relu: boolean;
}

/** Mean over height and width. */
export interface GlobalAveragePoolNode {
  readonly kind: "globalAveragePool";
  readonly name: string;
  readonly input: string;
}

export type GraphNode = ConvNode | GemmNode | AddNode | GlobalAveragePoolNode;

/** Nodes are in an order in which every input is made before its use. */
export interface NetworkGraph {
  readonly name: string;
  readonly input: string;
  readonly inputShape: FeatureShape;
  readonly output: string;
  readonly nodes: readonly GraphNode[];
}

/** Weights of a node with batch normalisation folded in. */
export interface FloatParameters {
  /** conv: [outputChannels][inputChannels/groups][kernel height][kernel width]; gemm: [outputChannels][inputs]. */
  readonly weights: Float32Array;
  /** One per output channel. */
  readonly bias: Float32Array;
}

/** A graph with parameters for each of its conv and gemm nodes, by node name. */
export interface FloatNetwork {
  readonly graph: NetworkGraph;
  readonly parameters: ReadonlyMap<string, FloatParameters>;
}

/** Input tensors of a node, in order. */
export function nodeInputs(node: GraphNode): readonly string[] {
  return node.kind === "add" ? node.inputs : [node.input];
}

/** Extents of every tensor of a graph. @throws Error if a node reads a tensor that is not made before */
export function graphShapes(graph: NetworkGraph): Map<string, FeatureShape> {
  const shapes = new Map([[graph.input, graph.inputShape]]);
  for (const node of graph.nodes) shapes.set(node.name, nodeOutputShape(node, shapeOf(shapes, nodeInputs(node)[0])));
  return shapes;
}

/** Extents of a node's output, from those of its first input. */
export function nodeOutputShape(node: GraphNode, input: FeatureShape): FeatureShape {
  if (node.kind === "conv") return convOutputShape(node, node.outputChannels, input);
  if (node.kind === "gemm") return { channels: node.outputChannels, height: 1, width: 1 };
  return node.kind === "add" ? input : { channels: input.channels, height: 1, width: 1 };
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
