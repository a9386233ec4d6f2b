import { rangeOf } from "../../models/arithmetic/index.ts";
import { newActivations } from "../../models/ir/activations.ts";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import {
  type Activations,
  type ConvLayer,
  type Network,
  type Quantization,
  tensorOf,
} from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { Random } from "../../models/random/random.ts";
import type { NetworkCase, StepCase } from "./layer-case.ts";
import { additionScale, biases, randomWeights, weightScales } from "./numbers.ts";

/** Depth beyond which the accumulators could leave the hardware's exact range. */
const maxDepth = 800;

/** The network and the input of a case, for groups of `groupWidth` channels. */
export function buildCase(parameters: NetworkCase, groupWidth: number): { network: Network; input: Activations } {
  const random = new Random(parameters.seed);
  const shape = {
    channels: parameters.channelGroups * groupWidth,
    height: parameters.height,
    width: parameters.width,
  };
  const quantization = anyQuantization(parameters, random);
  const builder = new NetworkBuilder("random", { name: "x", shape, quantization });
  let current = { name: "x", quantization };
  for (const [index, step] of parameters.steps.entries())
    current = addStep(builder, parameters, step, `${step.kind}${index}`, current, groupWidth, random);
  const network = builder.build();
  return { network, input: randomInput(network, parameters, parameters.seed) };
}

/** Another input for a case's network. */
export function randomInput(network: Network, parameters: NetworkCase, seed: number): Activations {
  const { dtype, extremeInput } = parameters;
  const random = new Random(seed);
  const { lo, hi } = rangeOf(dtype);
  return newActivations(dtype, elementCount(tensorOf(network, network.input).shape)).map(() =>
    extremeInput ? (random.real() < 0.5 ? lo : hi) : random.integer(lo, hi),
  );
}

interface Tensor {
  readonly name: string;
  readonly quantization: Quantization;
}

function addStep(
  builder: NetworkBuilder,
  parameters: NetworkCase,
  step: StepCase,
  name: string,
  input: Tensor,
  groupWidth: number,
  random: Random,
): Tensor {
  const shape = builder.shapeOf(input.name);
  const output = anyQuantization(parameters, random);
  if (step.kind === "pool") {
    // A pooling's factor is its scale ratio over the area: keep the ratio near 1.
    const quantization = { ...output, scale: Math.fround(input.quantization.scale * (parameters.dyadic ? 0.5 : 0.77)) };
    builder.add({ kind: "globalAveragePool", name, input: input.name, output: name }, quantization);
    return { name, quantization };
  }
  const depth = elementCount(shape);
  if (step.kind === "gemm" && depth <= maxDepth) {
    const weights = randomWeights(random, step.outputs * depth, step.extreme);
    const scales = weightScales(random, step, parameters.dyadic, input.quantization, output, depth, step.outputs);
    const bias = biases(random, step.outputs);
    builder.add({ kind: "gemm", name, input: input.name, output: name, weights, weightScales: scales, bias }, output);
    return { name, quantization: output };
  }
  if (step.kind !== "residual") return addConv(builder, parameters, step, name, input, output, groupWidth, random);
  const near = { ...output, scale: additionScale(random, input.quantization.scale, parameters.dyadic) };
  const conv = addConv(builder, parameters, step, `${name}.conv`, input, near, groupWidth, random);
  const inputs: readonly [string, string] = random.real() < 0.5 ? [conv.name, input.name] : [input.name, conv.name];
  const sum = {
    ...anyQuantization(parameters, random),
    scale: additionScale(random, input.quantization.scale, parameters.dyadic),
  };
  builder.add({ kind: "add", name, inputs, output: name }, sum);
  return { name, quantization: sum };
}

function addConv(
  builder: NetworkBuilder,
  parameters: NetworkCase,
  step: StepCase,
  name: string,
  input: Tensor,
  output: Quantization,
  groupWidth: number,
  random: Random,
): Tensor {
  const shape = builder.shapeOf(input.name);
  const geometry = geometryOf(step, shape.channels, shape.height, shape.width, groupWidth);
  const { outputs, groups, kernel } = geometry;
  const depth = (shape.channels / groups) * kernel.height * kernel.width;
  const layer: ConvLayer = {
    kind: "conv",
    name,
    input: input.name,
    output: name,
    groups,
    kernel,
    stride: geometry.stride,
    padding: geometry.padding,
    weights: randomWeights(random, outputs * depth, step.extreme),
    weightScales: weightScales(random, step, parameters.dyadic, input.quantization, output, depth, outputs),
    bias: biases(random, outputs),
  };
  builder.add(layer, output);
  return { name, quantization: output };
}

const none = { top: 0, left: 0, bottom: 0, right: 0 };

/** The step's geometry, bent to what its input allows. */
function geometryOf(step: StepCase, channels: number, height: number, width: number, groupWidth: number) {
  const { kind, outputs, stride, padding } = step;
  const strides = { y: stride, x: stride };
  if (kind === "point") return { groups: 1, outputs, kernel: { height: 1, width: 1 }, stride: strides, padding: none };
  if (kind === "residual") {
    const same = { top: 1, left: 1, bottom: 1, right: 1 };
    const kernel = { height: 3, width: 3 };
    const grouped = channels % groupWidth === 0 && (step.outputs & 1) === 0;
    const groups = grouped ? channels / groupWidth : 1;
    if ((channels / groups) * 9 <= maxDepth)
      return { groups, outputs: channels, kernel, stride: { y: 1, x: 1 }, padding: same };
    return { groups: 1, outputs: channels, kernel: { height: 1, width: 1 }, stride: { y: 1, x: 1 }, padding: none };
  }
  const kernel = {
    height: Math.min(step.kernel.height, height + padding.top + padding.bottom),
    width: Math.min(step.kernel.width, width + padding.left + padding.right),
  };
  const area = kernel.height * kernel.width;
  if (kind === "group" && channels % groupWidth === 0)
    return {
      groups: channels / groupWidth,
      outputs: groupOutputs(step, channels, groupWidth),
      kernel,
      stride: strides,
      padding,
    };
  if (kind === "depthwise")
    return { groups: channels, outputs: channels * (1 + (step.outputs & 1)), kernel, stride: strides, padding };
  if (area * channels <= maxDepth) return { groups: 1, outputs, kernel, stride: strides, padding };
  return { groups: 1, outputs, kernel: { height: 1, width: 1 }, stride: strides, padding: none };
}

/** G or 2G outputs a group mostly, as VarGNet has; any number at times. */
function groupOutputs(step: StepCase, channels: number, groupWidth: number): number {
  const perGroup = [groupWidth, 2 * groupWidth, step.outputs % (2 * groupWidth) || 1][step.groups - 1];
  return (channels / groupWidth) * perGroup;
}

function anyQuantization({ dtype, dyadic }: NetworkCase, random: Random): Quantization {
  const { lo, hi } = rangeOf(dtype);
  const place = random.real();
  const zeroPoint = place < 0.3 ? lo : place < 0.4 ? hi : random.integer(lo, hi);
  const scale = dyadic ? 2 ** random.integer(-8, 0) : random.scale(2 ** -8, 1);
  return { dtype, scale, zeroPoint };
}
