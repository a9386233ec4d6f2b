import type { ConvLayer, FeatureShape } from "../ir/network.ts";

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
  /** Upper bound of the ReLU: 6 for a ReLU6. */
  readonly ceiling?: number;
}

/** Fully connected layer with bias over the flattened CHW input. */
export interface GemmNode {
  readonly kind: "gemm";
  readonly name: string;
  readonly input: string;
  readonly outputChannels: number;
  readonly relu: boolean;
  /** Upper bound of the ReLU: 6 for a ReLU6. */
  readonly ceiling?: number;
  /** Whether a batch normalisation precedes it and one follows (both fold into it), as in a face embedding. */
  readonly batchNorm?: boolean;
}

/** Sum of two tensors of one shape. */
export interface AddNode {
  readonly kind: "add";
  readonly name: string;
  readonly inputs: readonly [string, string];
  readonly relu: boolean;
  /** Upper bound of the ReLU: 6 for a ReLU6. */
  readonly ceiling?: number;
}

/** Mean over height and width. */
export interface GlobalAveragePoolNode {
  readonly kind: "globalAveragePool";
  readonly name: string;
  readonly input: string;
}

/**
 * Maximum or mean over a window (ONNX's MaxPool, AveragePool). Padding is no part of either.
 */
export interface PoolNode {
  readonly kind: "maxPool" | "averagePool";
  readonly name: string;
  readonly input: string;
  readonly kernel: ConvLayer["kernel"];
  readonly stride: ConvLayer["stride"];
  readonly padding: ConvLayer["padding"];
  /** Whether a mean counts its padding as zeros (ONNX's count_include_pad; default: not). */
  readonly countIncludePad?: boolean;
}

/** Each pixel twice in both directions (nearest neighbour). */
export interface UpsampleNode {
  readonly kind: "upsample";
  readonly name: string;
  readonly input: string;
}

/** Channels of all inputs, one after another; the maps are of one size. */
export interface ConcatNode {
  readonly kind: "concat";
  readonly name: string;
  readonly inputs: readonly string[];
}

/** Channel g * (C / groups) + i goes to i * groups + g. */
export interface ChannelShuffleNode {
  readonly kind: "channelShuffle";
  readonly name: string;
  readonly input: string;
  readonly groups: number;
}

/** One part of a split along the channels: `channels` of them from `start` on. */
export interface SplitNode {
  readonly kind: "split";
  readonly name: string;
  readonly input: string;
  readonly start: number;
  readonly channels: number;
}

/** Channels in any order: output channel c is input channel order[c]. */
export interface ChannelsNode {
  readonly kind: "channels";
  readonly name: string;
  readonly input: string;
  readonly order: Int32Array;
}

export type GraphNode =
  | ConvNode
  | GemmNode
  | AddNode
  | GlobalAveragePoolNode
  | PoolNode
  | UpsampleNode
  | ConcatNode
  | ChannelShuffleNode
  | SplitNode
  | ChannelsNode;

/** Nodes are in an order in which every input is made before its use. */
export interface NetworkGraph {
  readonly name: string;
  readonly input: string;
  readonly inputShape: FeatureShape;
  /** All results, at least one; the first is the main one. */
  readonly outputs: readonly string[];
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
