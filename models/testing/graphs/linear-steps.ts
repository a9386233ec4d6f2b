import type { Quantization } from "../../ir/network.ts";
import type { GraphTensor, GraphWriter } from "./graph-writer.ts";
import { flatten } from "./layout-steps.ts";
import { type Weights, writeWeights } from "./weights.ts";
import { drawWindow } from "./window.ts";

const microsoft = "com.microsoft";

/** How a convolution's channels are grouped, for its input channels; undefined where it does not apply. */
type Grouping = (g: GraphWriter, channels: number) => { readonly groups: number; readonly outputs: number } | undefined;

const dense: Grouping = (g) => ({ groups: 1, outputs: g.random.integer(1, 12) });
const depthwise: Grouping = (g, channels) => ({ groups: channels, outputs: channels * g.random.integer(1, 2) });
/** Groups of every width between dense and depthwise. */
const grouped: Grouping = (g, channels) => {
  const divisors = Array.from({ length: channels }, (_, i) => i + 1).filter((n) => n > 1 && channels % n === 0);
  if (divisors.length === 0) return undefined;
  const groups = divisors[g.random.integer(0, divisors.length - 1)];
  return { groups, outputs: groups * g.random.integer(1, Math.max(1, Math.floor(16 / groups))) };
};

export const denseConv = conv(dense, 7);
export const groupConv = conv(grouped, 7);
export const depthwiseConv = conv(depthwise, 7);
export const pointConv = conv(dense, 1);

function conv(grouping: Grouping, maxKernel: number) {
  return (g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined => {
    const [, channels, height, width] = input.dims;
    const layout = input.dims.length === 4 ? grouping(g, channels) : undefined;
    if (layout === undefined) return undefined;
    const { groups, outputs } = layout;
    const window = drawWindow(g.random, height, width, maxKernel);
    const { kernel, attributes, extents } = window;
    const output = g.anyQuantization();
    const shape = [outputs, channels / groups, ...kernel];
    const normalized = qdq && g.random.real() < 0.1;
    // Batch normalisation may turn signs, which a weight of -128 does not bear.
    const least = normalized ? -127 : -128;
    const weights = writeWeights(g, qdq, { shape, axis: 0, input: input.quantization, output, least });
    const options = { ...attributes, group: groups };
    const dims = [1, outputs, ...extents];
    if (!qdq) {
      const inputs = [...g.operand(input), ...weights.operand, ...g.scales(output), ...bias(g, weights)];
      return g.made(g.node("QLinearConv", inputs, options), dims, output);
    }
    let real = g.node("Conv", [g.real(input), weights.real, ...bias(g, weights)], options);
    if (normalized) real = batchNormalization(g, real, outputs);
    real = activation(g, real, output);
    if (g.random.real() < 0.9) return g.quantized(real, dims, output);
    // A pooling before the result is quantised.
    const pool = drawWindow(g.random, ...extents, 3);
    return g.quantized(g.node("MaxPool", [real], pool.attributes), [1, outputs, ...pool.extents], output);
  };
}

/** Batch normalisation of what a convolution made; its factors are near 1, some negative. */
function batchNormalization(g: GraphWriter, real: string, channels: number): string {
  const drawn = (lo: number, hi: number) =>
    g.constant(
      [channels],
      new Float32Array(channels).map(() => lo + (hi - lo) * g.random.real()),
    );
  return g.node("BatchNormalization", [real, drawn(-1.5, 1.5), drawn(-1, 1), drawn(-1, 1), drawn(0.5, 2)]);
}

function bias({ random }: GraphWriter, weights: Weights): readonly string[] {
  return random.real() < 0.2 ? [] : [weights.bias()];
}

/** Relu or Clip before the quantisation, or nothing. */
export function activation(g: GraphWriter, real: string, { scale }: Quantization): string {
  const draw = g.random.real();
  if (draw < 0.25) return g.node("Relu", [real]);
  if (draw > 0.35) return real;
  const top = g.constant([], Float32Array.of(scale * g.random.integer(20, 200)));
  return g.node("Clip", [real, g.constant([], Float32Array.of(0)), top]);
}

/** Gemm or QGemm, of weights that are transposed or not. */
export function gemm(g: GraphWriter, operand: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const input = flatten(g, operand, qdq);
  if (input === undefined) return undefined;
  const outputs = g.random.integer(1, 12);
  const depth = input.dims[1];
  const transB = g.random.integer(0, 1);
  const output = g.anyQuantization();
  const shape = transB === 1 ? [outputs, depth] : [depth, outputs];
  const weights = writeWeights(g, qdq, { shape, axis: 1 - transB, input: input.quantization, output });
  const dims = [1, outputs];
  if (qdq) {
    const real = g.node("Gemm", [g.real(input), weights.real, ...bias(g, weights)], { transB });
    return g.quantized(activation(g, real, output), dims, output);
  }
  const inputs = [...g.operand(input), ...weights.operand, weights.bias(), ...g.scales(output)];
  return g.made(g.node("QGemm", inputs, { transB, alpha: { float: 1 } }, microsoft), dims, output);
}

/** MatMul (with or without a bias added after it) or QLinearMatMul. */
export function matmul(g: GraphWriter, operand: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const input = flatten(g, operand, qdq);
  if (input === undefined) return undefined;
  const outputs = g.random.integer(1, 12);
  const output = g.anyQuantization();
  const shape = [input.dims[1], outputs];
  const weights = writeWeights(g, qdq, { shape, axis: 1, input: input.quantization, output });
  const dims = [1, outputs];
  if (!qdq) {
    const inputs = [...g.operand(input), ...weights.operand, ...g.scales(output)];
    return g.made(g.node("QLinearMatMul", inputs), dims, output);
  }
  const product = g.node("MatMul", [g.real(input), weights.real]);
  const real = g.random.real() < 0.3 ? g.node("Add", [product, weights.bias()]) : product;
  return g.quantized(real, dims, output);
}
