import { rangeOf } from "../../models/arithmetic/index.ts";
import { convOutputShape, elementCount } from "../../models/ir/shape.ts";
import type { LayerKind, RandomTensor, RandomTensors } from "./random-tensors.ts";
import { shortened } from "./random-tensors.ts";

/** Adds a layer of one kind; false where the tensors so far do not allow one. */
type AddLayer = (tensors: RandomTensors, name: string) => boolean;

/** Longest sum of one output value. */
const DEEPEST = 600;

function add(tensors: RandomTensors, name: string): boolean {
  const pairs = tensors.addable();
  if (pairs.length === 0) return false;
  const [a, b] = tensors.pick(pairs);
  const output = tensors.quantization(a.quantization.scale * 1.3);
  tensors.push({ kind: "add", name, inputs: [a.name, b.name], output: name }, output);
  return true;
}

function globalAveragePool(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization } = tensors.any();
  const output = { ...tensors.quantization(1), scale: quantization.scale };
  tensors.push({ kind: "globalAveragePool", name, input, output: name }, output);
  return true;
}

function gemm(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization, shape } = tensors.any();
  const depth = elementCount(shape);
  if (depth > DEEPEST) return false;
  const output = tensors.quantization(0.05);
  const outputs = tensors.random.integer(1, tensors.limits.channels);
  const constants = constantsOf(tensors, outputs, depth, output.scale / quantization.scale);
  tensors.push({ kind: "gemm", name, input, output: name, ...constants }, output);
  return true;
}

function conv(tensors: RandomTensors, name: string): boolean {
  const { random, limits } = tensors;
  const { name: input, quantization, shape } = tensors.any();
  const divisors = Array.from({ length: shape.channels }, (_, i) => i + 1).filter((d) => shape.channels % d === 0);
  const groups = tensors.chance(0.4) ? 1 : tensors.pick(divisors);
  const perGroup = random.integer(1, Math.max(1, Math.floor(limits.channels / groups)));
  const outputs = tensors.chance(0.4) ? shape.channels : groups * perGroup;
  const window = windowOf(tensors, shape, tensors.pick([1, 1, 3, 3, 3, 2, 5]));
  const depth = (shape.channels / groups) * window.kernel.height * window.kernel.width;
  const output = tensors.quantization(0.05);
  const constants = constantsOf(tensors, outputs, depth, output.scale / quantization.scale);
  tensors.push({ kind: "conv", name, input, output: name, groups, ...window, ...constants }, output);
  return true;
}

function maxPool(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization, shape } = tensors.any();
  const window = windowOf(tensors, shape, tensors.random.integer(1, 5));
  tensors.push({ kind: "maxPool", name, input, output: name, ...window }, quantization);
  return true;
}

/** Of tensors only whose scale is short, and that is the output's too: then float32 sums are exact. */
function averagePool(tensors: RandomTensors, name: string): boolean {
  const exact = tensors.all.filter(({ quantization: { scale } }) => shortened(scale) === scale);
  if (exact.length === 0) return false;
  const { name: input, quantization, shape } = tensors.pick(exact);
  const window = windowOf(tensors, shape, tensors.random.integer(1, 3));
  const output = { ...tensors.quantization(1), scale: quantization.scale };
  const countIncludePad = tensors.chance(0.5);
  tensors.push({ kind: "averagePool", name, input, output: name, countIncludePad, ...window }, output);
  return true;
}

function upsample(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization, shape } = tensors.any();
  if (Math.max(shape.height, shape.width) > tensors.limits.size) return false;
  tensors.push({ kind: "upsample", name, input, output: name }, quantization);
  return true;
}

function concat(tensors: RandomTensors, name: string): boolean {
  const first = tensors.any();
  const like = tensors.all.filter(
    ({ shape }) => shape.height === first.shape.height && shape.width === first.shape.width,
  );
  const others = Array.from({ length: tensors.random.integer(0, 2) }, () => tensors.pick(like));
  const inputs = tensors.chance(0.5) ? [first, ...others] : [...others, first];
  if (inputs.reduce((sum, { shape }) => sum + shape.channels, 0) > 2 * tensors.limits.channels) return false;
  const output = tensors.chance(0.6) ? first.quantization : tensors.quantization(first.quantization.scale);
  tensors.push({ kind: "concat", name, inputs: inputs.map((input) => input.name), output: name }, output);
  return true;
}

/** A shuffle, a slice, or any choice with repetitions. */
function channels(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization, shape } = tensors.any();
  const count = shape.channels;
  const start = tensors.random.integer(0, count - 1);
  const divisors = Array.from({ length: count }, (_, i) => i + 1).filter((d) => count % d === 0);
  const groups = tensors.pick(divisors);
  const order = tensors.pick([
    () => Int32Array.from({ length: count }, (_, i) => (i % groups) * (count / groups) + Math.floor(i / groups)),
    () => Int32Array.from({ length: tensors.random.integer(1, count - start) }, (_, i) => start + i),
    () => Int32Array.from({ length: count }, () => tensors.random.integer(0, count - 1)),
  ])();
  tensors.push({ kind: "channels", name, input, output: name, order }, quantization);
  return true;
}

/** A clamp, or a change of scale with or without one. */
function requantize(tensors: RandomTensors, name: string): boolean {
  const { name: input, quantization } = tensors.any();
  const output = tensors.chance(0.5) ? quantization : tensors.quantization(quantization.scale);
  const range = rangeOf(output.dtype);
  const lo = tensors.chance(0.7) ? tensors.random.integer(range.lo, range.hi) : range.lo;
  const hi = tensors.chance(0.3) ? tensors.random.integer(lo, range.hi) : range.hi;
  tensors.push({ kind: "requantize", name, input, output: name, lo, hi }, output);
  return true;
}

/** How to add a layer of each kind. */
export const randomLayers: Readonly<Record<LayerKind, AddLayer>> = {
  conv,
  gemm,
  add,
  globalAveragePool,
  maxPool,
  averagePool,
  upsample,
  concat,
  channels,
  requantize,
};

/** Kernel, stride and padding that fit a map. */
function windowOf(tensors: RandomTensors, shape: RandomTensor["shape"], size: number) {
  const same = { top: size >> 1, left: size >> 1, bottom: size >> 1, right: size >> 1 };
  const pad = (): number => tensors.random.integer(0, size - 1);
  const padding = tensors.chance(0.6) ? same : { top: pad(), left: pad(), bottom: pad(), right: pad() };
  const kernel = {
    height: Math.min(size, shape.height + padding.top + padding.bottom),
    width: Math.min(size, shape.width + padding.left + padding.right),
  };
  const stride = tensors.chance(0.7) ? 1 : 2;
  const window = { kernel, stride: { y: stride, x: stride }, padding };
  const { height, width } = convOutputShape(window, 1, shape);
  return height >= 1 && width >= 1
    ? window
    : { kernel: { height: 1, width: 1 }, stride: { y: 1, x: 1 }, padding: none };
}

const none = { top: 0, left: 0, bottom: 0, right: 0 };

/** Weights, biases and weight scales that spread results over the range. @param ratio output scale over input scale */
function constantsOf(tensors: RandomTensors, outputs: number, depth: number, ratio: number) {
  const { random } = tensors;
  const extreme = tensors.chance(0.2);
  const weights = new Int8Array(outputs * depth).map(() =>
    extreme ? (random.real() < 0.5 ? -127 : 127) : random.integer(-127, 127),
  );
  const bias = new Int32Array(outputs).map(() => random.integer(-5000, 5000));
  const base = ratio / (90 * Math.sqrt(depth));
  return { weights, bias, weightScales: new Float32Array(outputs).map(() => base * random.scale(0.3, 3)) };
}
