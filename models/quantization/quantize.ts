import { type Problem, VargenError } from "../errors.ts";
import { type FloatNetwork, type GraphNode, graphShapes } from "../graph/index.ts";
import { NetworkBuilder } from "../ir/builder.ts";
import type { ActivationType, FeatureShape, Layer, Network, Quantization } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { activationQuantization } from "./activation.ts";
import { averagedTensors, withShortScale } from "./averaging.ts";
import { dataLayer, keepsQuantization } from "./data-layer.ts";
import { type Calibration, type CalibrationProgress, calibrateRanges, type ValueRange } from "./ranges.ts";
import { quantizeWeights } from "./weights.ts";

/** Options of {@link quantizeNetwork}. */
export interface QuantizationOptions {
  /** Element type of every activation tensor (default `uint8`). */
  readonly activations?: ActivationType;
  /** How ranges follow from the calibration images (default: their minimum and maximum). */
  readonly calibration?: Calibration;
  /** Told of images that the calibration is through with. */
  readonly onProgress?: CalibrationProgress;
  /** Quantisation of the input; default: from its range over the calibration images. */
  readonly input?: Pick<Quantization, "scale" | "zeroPoint">;
}

/** How many times an addition's operand scale may be its output's: what the hardware's tables of 36 bits hold. */
const largestAddRatio = 4;

/**
 * Quantises a float network: int8 weights per output channel in [-127, 127], one affine quantisation per activation
 * tensor, int32 biases. ReLUs vanish into zero points at the type's minimum; a ReLU6's bound
 * is that of its range. Pooling by maximum, upsampling, shuffles and splits keep their input's quantisation. The result keeps within the accumulator
 * limit of the hardware (see `hardwareLimitProblems`).
 *
 * @param images calibration inputs in real units, NCHW with batch 1, at least one; a few hundred give good ranges
 * @throws VargenError if an image's length does not fit, or a weight or activation is not finite
 */
export function quantizeNetwork(
  network: FloatNetwork,
  images: readonly Float32Array[],
  options: QuantizationOptions = {},
): Network {
  const { graph } = network;
  checkImages(network, images);
  checkParameters(network);
  const dtype = options.activations ?? "uint8";
  const { calibration = { method: "minmax" }, onProgress } = options;
  const ranges = calibrateRanges(network, images, calibration, dtype, onProgress);
  checkRanges(ranges);
  const given = options.input;
  const input = given === undefined ? activationQuantization(lookUp(ranges, graph.input), dtype) : { dtype, ...given };
  const shapes = graphShapes(graph);
  const quantizations = new Map([[graph.input, input]]);
  const averaged = averagedTensors(graph.nodes);
  for (const node of graph.nodes) {
    if (keepsQuantization(node)) quantizations.set(node.name, lookUp(quantizations, node.input));
    else {
      const operands = node.kind === "add" ? node.inputs.map((name) => lookUp(quantizations, name).scale) : [];
      const own = activationQuantization(nodeRange(node, ranges), dtype, Math.max(0, ...operands) / largestAddRatio);
      quantizations.set(node.name, averaged.has(node.name) ? withShortScale(own) : own);
    }
  }
  const builder = new NetworkBuilder(graph.name, { name: graph.input, shape: graph.inputShape, quantization: input });
  for (const node of graph.nodes) {
    const layer = quantizeNode(network, node, quantizations, shapes);
    builder.add(layer, lookUp(quantizations, node.name));
  }
  return builder.build(graph.outputs);
}

function quantizeNode(
  network: FloatNetwork,
  node: GraphNode,
  quantizations: ReadonlyMap<string, Quantization>,
  shapes: ReadonlyMap<string, FeatureShape>,
): Layer {
  if (node.kind !== "conv" && node.kind !== "gemm") return dataLayer(node, shapes);
  const { name } = node;
  const parameters = lookUp(network.parameters, name);
  const weights = quantizeWeights(parameters, lookUp(quantizations, node.input), lookUp(quantizations, name));
  if (node.kind === "gemm") return { kind: "gemm", name, input: node.input, output: name, ...weights };
  const { input, groups, kernel, stride, padding } = node;
  return { kind: "conv", name, input, output: name, groups, kernel, stride, padding, ...weights };
}

function nodeRange(node: GraphNode, ranges: ReadonlyMap<string, ValueRange>): ValueRange {
  const range = lookUp(ranges, node.name);
  return "relu" in node && node.relu ? { min: 0, max: range.max } : range;
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
    else if (!image.every(Number.isFinite))
      problems.push({ code: "calibration/not-finite", path: `image ${i}`, message: "a value is not a finite number" });
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

function checkRanges(ranges: ReadonlyMap<string, ValueRange>): void {
  const problems: Problem[] = [];
  for (const [path, { min, max }] of ranges)
    if (!(Number.isFinite(min) && Number.isFinite(max))) {
      const message = `the float network's values there run from ${min} to ${max}`;
      const hint = "check its weights and the preprocessing: --mean, --std, --scale-input";
      problems.push({ code: "calibration/not-finite", path, message, hint });
    }
  // What follows from the first overflow says nothing new.
  if (problems.length > 0) throw new VargenError(problems.slice(0, 1));
}

function lookUp<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`nothing is known of '${name}'`);
  return value;
}
