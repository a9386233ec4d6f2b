import type { FeatureShape } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import type { GraphNode, NetworkGraph } from "./graph.ts";
import { graphShapes, nodeInputs, shapeOf, weightCount } from "./shapes.ts";

/** MAdds as the VarGNet paper counts them: conv and FC weights x output positions; BN, ReLU, adds, biases do not count. */
export function countMacs(graph: NetworkGraph): number {
  const shapes = graphShapes(graph);
  return graph.nodes.reduce((sum, node) => sum + nodeMacs(node, shapes), 0);
}

/** MAdds of one node, see {@link countMacs}. */
export function nodeMacs(node: GraphNode, shapes: ReadonlyMap<string, FeatureShape>): number {
  const { height, width } = shapeOf(shapes, node.name);
  return weightCount(node, shapeOf(shapes, nodeInputs(node)[0])) * height * width;
}

/**
 * Trained numbers: weights, biases, and two per channel of batch normalisation.
 *
 * @param depthwisePool count each global pooling as a depthwise convolution over the whole map, with bias and batch
 *   normalisation (3 a channel): so the paper's published figures come out
 */
export function countParameters(graph: NetworkGraph, depthwisePool = false): number {
  const shapes = graphShapes(graph);
  return graph.nodes.reduce((sum, node) => {
    const input = shapeOf(shapes, nodeInputs(node)[0]);
    const weights = sum + weightCount(node, input);
    if (node.kind === "conv") return weights + (node.batchNorm ? 2 : 1) * node.outputChannels;
    if (node.kind === "gemm")
      return weights + node.outputChannels + (node.batchNorm ? 2 * (node.outputChannels + input.channels) : 0);
    return node.kind === "globalAveragePool" && depthwisePool ? sum + elementCount(input) + 3 * input.channels : sum;
  }, 0);
}
