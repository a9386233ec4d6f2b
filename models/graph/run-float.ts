import type { FeatureShape } from "../ir/network.ts";
import { channelBlock, multiplyBlock, packWeights, pixelBlock } from "../reference/kernel.ts";
import { fillPanel } from "../reference/panel.ts";
import type { ConvNode, FloatNetwork, FloatParameters, GemmNode, GraphNode } from "./graph.ts";
import { channelShuffle, concat, gather, pool, split, upsample } from "./run-layout.ts";
import { graphShapes, nodeInputs, shapeOf } from "./shapes.ts";

const rowsPerBlock = channelBlock / 2;
const packedCache = new WeakMap<FloatParameters, readonly Float64Array[]>();

/**
 * Runs a float network on one input. Sums are made in float64 and rounded to float32 once.
 *
 * @param input NCHW with batch 1
 * @returns every tensor by name, the input included, NCHW
 */
export function runFloat(network: FloatNetwork, input: Float32Array): Map<string, Float32Array> {
  const { graph } = network;
  const shapes = graphShapes(graph);
  const values = new Map([[graph.input, input]]);
  for (const node of graph.nodes) {
    const operands = nodeInputs(node).map((name) => values.get(name) ?? new Float32Array());
    values.set(node.name, runNode(network, node, operands, shapes));
  }
  return values;
}

function runNode(
  network: FloatNetwork,
  node: GraphNode,
  operands: readonly Float32Array[],
  shapes: ReadonlyMap<string, FeatureShape>,
): Float32Array {
  const [a, b] = operands;
  const input = shapeOf(shapes, nodeInputs(node)[0]);
  const output = shapeOf(shapes, node.name);
  switch (node.kind) {
    case "conv":
    case "gemm": {
      const parameters = network.parameters.get(node.name);
      if (parameters === undefined) throw new Error(`node ${node.name} has no parameters`);
      return relu(node, convolve(node, parameters, a, input, output));
    }
    case "add":
      return relu(
        node,
        a.map((value, i) => value + b[i]),
      );
    case "globalAveragePool":
      return mean(a, input);
    case "maxPool":
    case "averagePool":
      return pool(node, a, input, output);
    case "upsample":
      return upsample(a, input);
    case "concat":
      return concat(operands);
    case "channelShuffle":
      return channelShuffle(a, input, node.groups);
    case "split":
      return split(a, input, node);
    case "channels":
      return gather(a, input, node.order);
  }
}

function convolve(
  node: ConvNode | GemmNode,
  parameters: FloatParameters,
  values: Float32Array,
  inputShape: FeatureShape,
  output: FeatureShape,
): Float32Array {
  const input = node.kind === "conv" ? inputShape : { channels: values.length, height: 1, width: 1 };
  const groups = node.kind === "conv" ? node.groups : 1;
  const geometry = node.kind === "conv" ? node : pointwise;
  const channels = node.outputChannels / groups;
  const depth = parameters.weights.length / node.outputChannels;
  const area = output.height * output.width;
  const pixels = area + (area % pixelBlock);
  const panel = new Float64Array(pixels * depth);
  const sums = new Float64Array(pixels * rowsPerBlock);
  const result = new Float32Array(node.outputChannels * area);
  const packed = packedGroups(parameters, groups, channels, depth);
  for (let group = 0; group < groups; group++) {
    const inputs = input.channels / groups;
    const source = { geometry, input, output, channel: group * inputs, channels: inputs, zeroPoint: 0 };
    fillPanel(source, values, 0, area, panel);
    for (let c = 0; c < channels; c += rowsPerBlock) {
      multiplyBlock(packed[group], c / rowsPerBlock, panel, depth, pixels, false, sums);
      for (let row = 0; row < Math.min(rowsPerBlock, channels - c); row++) {
        const channel = group * channels + c + row;
        const bias = parameters.bias[channel];
        for (let i = 0; i < area; i++) result[channel * area + i] = sums[row * pixels + i] + bias;
      }
    }
  }
  return result;
}

const pointwise = {
  kernel: { height: 1, width: 1 },
  stride: { y: 1, x: 1 },
  padding: { top: 0, left: 0, bottom: 0, right: 0 },
};

function packedGroups(
  parameters: FloatParameters,
  groups: number,
  channels: number,
  depth: number,
): readonly Float64Array[] {
  const cached = packedCache.get(parameters);
  if (cached !== undefined) return cached;
  const packed = Array.from({ length: groups }, (_, group) =>
    packWeights(parameters.weights, group * channels * depth, channels, depth, false),
  );
  packedCache.set(parameters, packed);
  return packed;
}

function relu(node: { relu: boolean; ceiling?: number }, values: Float32Array): Float32Array {
  const { ceiling = Number.POSITIVE_INFINITY } = node;
  if (node.relu) for (let i = 0; i < values.length; i++) values[i] = Math.min(Math.max(values[i], 0), ceiling);
  return values;
}

function mean(values: Float32Array, shape: FeatureShape): Float32Array {
  const area = shape.height * shape.width;
  return new Float32Array(shape.channels).map((_, channel) => {
    let sum = 0;
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += values[i];
    return sum / area;
  });
}
