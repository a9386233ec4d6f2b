import type { NetworkGraph } from "../graph/graph.ts";
import { graphShapes, nodeMacs, shapeOf } from "../graph/index.ts";
import { type FeatureShape, type Network, tensorOf } from "../ir/network.ts";
import { elementCount, layerMacs } from "../ir/shape.ts";
import { kindOf, type LayerKind, type Multiplying } from "./kind.ts";

/** Computational intensity of one layer. */
export interface LayerIntensity {
  readonly name: string;
  /** The part of the name before `/`; absent for layers outside any block. */
  readonly block?: string;
  readonly kind: LayerKind;
  readonly madds: number;
  /** Values of the feature map, the mean of what the layer reads and what it writes. */
  readonly values: number;
  /** MAdds per value. */
  readonly intensity: number;
}

/** How alike the layers of a block are. */
export interface BlockBalance {
  readonly block: string;
  readonly layers: number;
  readonly lowest: number;
  readonly highest: number;
  /** `highest / lowest`: 1 is perfect balance. */
  readonly ratio: number;
}

/** The analysis of section 2 of the VarGNet paper. */
export interface IntensityAnalysis {
  readonly network: string;
  readonly madds: number;
  readonly layers: readonly LayerIntensity[];
  /** Blocks of at least two layers. */
  readonly blocks: readonly BlockBalance[];
  /** Over the blocks: the largest ratio, and the geometric mean; 1 without blocks. */
  readonly worstRatio: number;
  readonly meanRatio: number;
}

/**
 * Computational intensity of every layer with weights and its balance inside each block. It is MAdds divided by the size
 * of the feature map, as the paper's section 2 has it, weights being loaded already: 9 for a depthwise 3x3 and 256 for a
 * pointwise convolution of 256 channels. Where a layer's input and output differ in size, theirs is the mean.
 */
export function intensityOf(graph: NetworkGraph): IntensityAnalysis {
  const shapes = graphShapes(graph);
  const layers = graph.nodes.flatMap((node): readonly LayerIntensity[] => {
    if (node.kind !== "conv" && node.kind !== "gemm") return [];
    const input = shapeOf(shapes, node.input);
    return [layerIntensity(node, nodeMacs(node, shapes), input, shapeOf(shapes, node.name))];
  });
  return analysis(graph.name, layers);
}

/** The same of a quantised network. */
export function quantizedIntensity(network: Network): IntensityAnalysis {
  const layers = network.layers.flatMap((layer): readonly LayerIntensity[] => {
    if (layer.kind !== "conv" && layer.kind !== "gemm") return [];
    const { shape } = tensorOf(network, layer.output);
    return [layerIntensity(layer, layerMacs(layer, shape), tensorOf(network, layer.input).shape, shape)];
  });
  return analysis(network.name, layers);
}

function layerIntensity(
  layer: { readonly name: string } & Multiplying,
  madds: number,
  input: FeatureShape,
  output: FeatureShape,
): LayerIntensity {
  const values = (elementCount(input) + elementCount(output)) / 2;
  const [block, rest] = layer.name.split("/");
  const common = { name: layer.name, kind: kindOf(layer, input.channels), madds, values, intensity: madds / values };
  return rest === undefined ? common : { ...common, block };
}

function analysis(network: string, layers: readonly LayerIntensity[]): IntensityAnalysis {
  const blocks = balances(layers);
  const logs = blocks.map(({ ratio }) => Math.log(ratio));
  return {
    network,
    madds: layers.reduce((sum, layer) => sum + layer.madds, 0),
    layers,
    blocks,
    worstRatio: Math.max(1, ...blocks.map(({ ratio }) => ratio)),
    meanRatio: Math.exp(logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length)),
  };
}

function balances(layers: readonly LayerIntensity[]): readonly BlockBalance[] {
  const byBlock = new Map<string, number[]>();
  for (const { block, intensity } of layers)
    if (block !== undefined) byBlock.set(block, [...(byBlock.get(block) ?? []), intensity]);
  return [...byBlock]
    .filter(([, values]) => values.length > 1)
    .map(([block, values]) => {
      const lowest = Math.min(...values);
      const highest = Math.max(...values);
      return { block, layers: values.length, lowest, highest, ratio: highest / lowest };
    });
}
