import type { FeatureShape } from "../../ir/network.ts";
import { readAdd } from "../import/add.ts";
import { realConstant } from "../import/constants.ts";
import type { ImportNode } from "../import/node.ts";
import type { FloatContext } from "./context.ts";

/** What factors and offsets are charged with, per channel. */
const bytesPerChannel = 64;

/** Add of two activations, or of a constant per channel. */
export function readFloatAdd(node: ImportNode, context: FloatContext): void {
  if (isConstant(node, 0) || isConstant(node, 1)) affine(node, context, (c) => [1, c]);
  else readAdd(node);
}

/** Subtraction where one operand is a constant per channel. */
export function readSub(node: ImportNode, context: FloatContext): void {
  affine(node, context, (c, swapped) => (swapped ? [-1, c] : [1, -c]));
}

/** Multiplication by a constant per channel. */
export function readMul(node: ImportNode, context: FloatContext): void {
  affine(node, context, (c) => [c, 0]);
}

/** Division by a constant per channel. */
export function readDiv(node: ImportNode, context: FloatContext): void {
  if (isConstant(node, 0))
    node.report("attribute", "it divides a constant by an activation", "only division by a constant is supported");
  else affine(node, context, (c) => [1 / c, 0]);
}

/** BatchNormalization: inputs x; scale; shift; mean; variance. */
export function readBatchNormalization(node: ImportNode, context: FloatContext): void {
  const input = channelInput(node, 0);
  const parts = [1, 2, 3, 4].map((index) => node.floats(index));
  const [scale, shift, mean, variance] = parts;
  if (input === undefined || scale === undefined || shift === undefined) return;
  if (mean === undefined || variance === undefined) return;
  const { channels } = input.tensor.shape;
  if (parts.some((values) => values?.length !== channels)) {
    const lengths = parts.map((values) => values?.length).join(", ");
    node.report("constant", `${lengths} parameters for ${channels} channels`, "give one for each");
    return;
  }
  if (node.int("training_mode", 0) !== 0) {
    node.report("attribute", "attribute training_mode is 1", "export the model in evaluation mode: model.eval()");
    return;
  }
  const epsilon = node.float("epsilon", 1e-5);
  const weights = variance.map((value, channel) => scale[channel] / Math.sqrt(value + epsilon));
  const bias = mean.map((value, channel) => -value * weights[channel] + shift[channel]);
  const tensor = context.emitElementwise(node, input.tensor, { weights, bias });
  if (tensor !== undefined) context.defineReal(node, tensor, input.view.dims);
}

/** Relu. */
export function readRelu(node: ImportNode, context: FloatContext): void {
  bounded(node, context, Number.POSITIVE_INFINITY);
}

/** Clip from 0 on: ReLU6, or a ReLU. */
export function readClip(node: ImportNode, context: FloatContext): void {
  const bound = (index: number, attribute: string, standard: number): number | undefined =>
    node.inputName(index) === "" ? node.float(attribute, standard) : realConstant(node, index)?.values[0];
  const lo = bound(1, "min", Number.NEGATIVE_INFINITY);
  const hi = bound(2, "max", Number.POSITIVE_INFINITY);
  if (lo === undefined || hi === undefined) return;
  if (lo === 0 && hi > 0) bounded(node, context, hi > 3e38 ? Number.POSITIVE_INFINITY : hi);
  else node.report("attribute", `it clips to [${lo}, ${hi}]`, "only bounds from 0 on are supported: Relu, Relu6");
}

function bounded(node: ImportNode, context: FloatContext, ceiling: number): void {
  const input = node.realTensor(0);
  if (input === undefined) return;
  const { channels } = input.tensor.shape;
  if (!context.spend(node, bytesPerChannel * channels)) return;
  const parameters = { weights: new Float32Array(channels).fill(1), bias: new Float32Array(channels) };
  const { dims, channelsLast } = input.view;
  const tensor = context.emitElementwise(node, input.tensor, parameters, true, ceiling);
  if (tensor !== undefined) context.defineReal(node, tensor, dims, channelsLast);
}

function isConstant(node: ImportNode, index: number): boolean {
  const name = node.inputName(index);
  return node.context.constants.has(name) || node.context.value(name)?.kind === "constant";
}

/** An activation whose axis 1 counts the channels of its tensor. */
function channelInput(node: ImportNode, index: number) {
  const input = node.realTensor(index);
  if (input === undefined || (!input.view.channelsLast && hasChannels(input.view.dims, input.tensor.shape)))
    return input;
  const message = `input ${index} has shape [${input.view.dims}]`;
  return node.report("shape", message, "only [1, channels, height, width] and [1, channels] are read here");
}

function hasChannels(dims: readonly number[], { channels, height, width }: FeatureShape): boolean {
  if (dims.length === 2) return dims[1] === channels;
  return dims.length === 4 && dims[1] === channels && dims[2] === height && dims[3] === width;
}

/** An operator with one constant operand, as a factor and an offset. */
function affine(
  node: ImportNode,
  context: FloatContext,
  terms: (constant: number, swapped: boolean) => readonly [number, number],
): void {
  const swapped = isConstant(node, 0);
  if (!swapped && !isConstant(node, 1)) {
    const hint = `only ${node.operator} with a constant is supported`;
    node.report("operator", `operator ${node.operator} of two activations is not supported`, hint);
    return;
  }
  const input = channelInput(node, swapped ? 1 : 0);
  const constant = realConstant(node, swapped ? 0 : 1);
  if (input === undefined || constant === undefined) return;
  const { dims } = input.view;
  const { channels } = input.tensor.shape;
  if (!context.spend(node, bytesPerChannel * channels)) return;
  const axis = constant.dims.length - constant.dims.findIndex((extent) => extent !== 1);
  const single = constant.values.length === 1;
  if (!single && !(constant.values.length === channels && axis === dims.length - 1)) {
    const message = `the constant of shape [${constant.dims}] is not one value per channel of [${dims}]`;
    node.report("shape", message, "only constants per channel, or one for all, are supported");
    return;
  }
  const pairs = Array.from({ length: channels }, (_, c) => terms(constant.values[single ? 0 : c], swapped));
  const parameters = {
    weights: Float32Array.from(pairs, ([factor]) => factor),
    bias: Float32Array.from(pairs, ([, offset]) => offset),
  };
  const tensor = context.emitElementwise(node, input.tensor, parameters);
  if (tensor !== undefined) context.defineReal(node, tensor, dims);
}
