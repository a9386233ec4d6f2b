import { type Problem, VargenError } from "../errors.ts";
import { type FloatNetwork, type Int8Node, int8Nodes } from "../graph/index.ts";
import { NetworkBuilder } from "../ir/builder.ts";
import type { ActivationType, Layer, Network, Quantization } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { activationQuantization } from "./activation.ts";
import { type Calibration, calibrateRanges, type ValueRange } from "./ranges.ts";
import { quantizeWeights } from "./weights.ts";

/** Options of {@link quantizeNetwork}. */
export interface QuantizationOptions {
  /** Element type of every activation tensor (default `uint8`). */
  readonly activations?: ActivationType;
  /** How ranges follow from the calibration images (default: their minimum and maximum). */
  readonly calibration?: Calibration;
  /** Quantisation of the input; default: from its range over the calibration images. */
  readonly input?: Pick<Quantization, "scale" | "zeroPoint">;
}

/**
 * Quantises a float network: int8 weights per output channel in [-127, 127], one affine quantisation per activation
 * tensor, int32 biases. ReLUs vanish into zero points at the type's minimum. The result keeps within the accumulator
 * limit of the hardware (see `hardwareLimitProblems`).
 *
 * @param images calibration inputs in real units, NCHW with batch 1, at least one; a few hundred give good ranges
 * @throws VargenError if int8 networks lack an operator of the graph, an image's length does not fit, or a weight or activation is not finite
 */
export function quantizeNetwork(
  network: FloatNetwork,
  images: readonly Float32Array[],
  options: QuantizationOptions = {},
): Network {
  const { graph } = network;
  const nodes = int8Nodes(graph);
  checkImages(network, images);
  checkParameters(network);
  const dtype = options.activations ?? "uint8";
  const ranges = calibrateRanges(network, images, options.calibration ?? { method: "minmax" });
  const quantizations = new Map(nodes.map((node) => [node.name, nodeQuantization(node, ranges, dtype)]));
  const given = options.input;
  const input = given === undefined ? activationQuantization(lookUp(ranges, graph.input), dtype) : { dtype, ...given };
  quantizations.set(graph.input, input);
  const builder = new NetworkBuilder(graph.name, { name: graph.input, shape: graph.inputShape, quantization: input });
  for (const node of nodes) builder.add(quantizeNode(network, node, quantizations), lookUp(quantizations, node.name));
  return builder.build(graph.output);
}

function quantizeNode(network: FloatNetwork, node: Int8Node, quantizations: ReadonlyMap<string, Quantization>): Layer {
  const { name } = node;
  if (node.kind === "add") return { kind: "add", name, inputs: node.inputs, output: name };
  if (node.kind === "globalAveragePool") return { kind: "globalAveragePool", name, input: node.input, output: name };
  const parameters = lookUp(network.parameters, name);
  const weights = quantizeWeights(parameters, lookUp(quantizations, node.input), lookUp(quantizations, name));
  if (node.kind === "gemm") return { kind: "gemm", name, input: node.input, output: name, ...weights };
  const { input, groups, kernel, stride, padding } = node;
  return { kind: "conv", name, input, output: name, groups, kernel, stride, padding, ...weights };
}

function nodeQuantization(
  node: Int8Node,
  ranges: ReadonlyMap<string, ValueRange>,
  dtype: ActivationType,
): Quantization {
  const range = lookUp(ranges, node.name);
  const clamped = "relu" in node && node.relu;
  return activationQuantization(clamped ? { min: 0, max: range.max } : range, dtype);
}

function checkImages(network: FloatNetwork, images: readonly Float32Array[]): void {
  const length = elementCount(network.graph.inputShape);
  const problems: Problem[] = [];
  if (images.length === 0)
    problems.push({ code: "calibration/none", path: "images", message: "no calibration images are given" });
  images.forEach((image, i) => {
    if (image.length !== length)
      problems.push({
        code: "calibration/size",
        path: `image ${i}`,
        message: `it has ${image.length} values where the network takes ${length}`,
      });
  });
  if (problems.length > 0) throw new VargenError(problems);
}

function checkParameters(network: FloatNetwork): void {
  const problems: Problem[] = [];
  for (const [path, { weights, bias }] of network.parameters)
    if (!(weights.every(Number.isFinite) && bias.every(Number.isFinite)))
      problems.push({ code: "calibration/not-finite", path, message: "a weight or bias is not a finite number" });
  if (problems.length > 0) throw new VargenError(problems);
}

function lookUp<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`nothing is known of '${name}'`);
  return value;
}
