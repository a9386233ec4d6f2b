import { quantizeValue, rangeOf } from "../../arithmetic/index.ts";
import { newActivations } from "../../ir/activations.ts";
import type { Activations, Quantization } from "../../ir/network.ts";
import { type ValueInfo, valueInfo } from "../../onnx/proto.ts";
import { Random } from "../../random/random.ts";
import { exchanged } from "../channels-last.ts";
import type { NamedValue } from "../onnxruntime.ts";
import type { GraphCase, StepKind } from "./graph-case.ts";
import { type GraphTensor, GraphWriter } from "./graph-writer.ts";
import { flatten, gather, identity, pad, reshape, shuffle, slice, split, squeeze } from "./layout-steps.ts";
import { denseConv, depthwiseConv, gemm, groupConv, matmul, pointConv } from "./linear-steps.ts";
import {
  add,
  averagePool,
  clip,
  concat,
  globalAveragePool,
  maxPool,
  moved,
  relu,
  requantize,
  resize,
} from "./map-steps.ts";

/** A random graph as a file, with its input. */
export interface BuiltGraph {
  readonly bytes: Uint8Array;
  /** The input as ONNX Runtime takes it. */
  readonly feed: NamedValue;
  /** The quantised input. */
  readonly input: Activations;
  /** Names of the graph's outputs. */
  readonly outputs: readonly string[];
  /** Steps that applied, such as `group` or `add`, with the form in which they were written. */
  readonly steps: readonly { readonly kind: StepKind; readonly qdq: boolean }[];
  /** Names of the QuantizeLinear nodes that give an activation another scale by themselves. */
  readonly rescaling: readonly string[];
}

type StepWriter = (g: GraphWriter, input: GraphTensor, qdq: boolean) => GraphTensor | undefined;

const writers: Readonly<Record<StepKind, StepWriter>> = {
  dense: denseConv,
  group: groupConv,
  depthwise: depthwiseConv,
  point: pointConv,
  ...{ gemm, matmul, add, concat, maxPool, averagePool, globalAveragePool, resize },
  ...{ shuffle, split, slice, gather, pad, flatten, reshape, squeeze, identity, relu, clip, requantize },
};

/** Values that a tensor of a random graph has at most. */
const maxElements = 4000;

/** Writes the graph of a case. */
export function buildGraph(parameters: GraphCase): BuiltGraph {
  const random = new Random(parameters.seed);
  const g = new GraphWriter(parameters, random);
  const quantization = g.anyQuantization();
  g.tensors.push(inputOf(g, quantization));
  const steps: { kind: StepKind; qdq: boolean }[] = [];
  for (const { kind, back, qdq, seed } of parameters.steps) {
    g.random = new Random(seed);
    const operand = g.tensors[Math.max(0, g.tensors.length - 1 - back)];
    const before = g.nodes.length;
    const made = writers[kind](g, operand, qdq);
    if (made === undefined || made.dims.reduce((product, extent) => product * extent, 1) > maxElements) {
      g.undo(before);
      continue;
    }
    g.tensors.push(made.dims.length === 2 ? { ...made, pixels: pixelsOf(kind, operand) } : made);
    steps.push({ kind, qdq });
  }
  // There must be an output, and some node must tell the input's scale.
  if (g.tensors.length === 1 || !g.nodes.some(({ opType }) => opType?.includes("Linear") || opType === "QGemm"))
    g.tensors.push(requantize(g, g.tensors[g.tensors.length - 1]));
  g.random = random;
  const outputs = outputsOf(g).map((tensor) => outputInfo(g, tensor));
  const { feed, input } = drawInput(g, quantization);
  const inputs = [valueInfo("x", feed.type === "float32" ? "float" : feed.type, feed.shape)];
  const bytes = g.encode("random", inputs, outputs, parameters.opset);
  return { bytes, feed, input, outputs: outputs.map(({ name }) => name ?? ""), steps, rescaling: g.rescaling };
}

/** The graph's input as the steps read it: quantised, channels first. */
function inputOf(g: GraphWriter, quantization: Quantization): GraphTensor {
  const { channels, height, width, floatInput, channelsLast } = g.parameters;
  const dims = [1, channels, height, width];
  const given = channelsLast ? [1, height, width, channels] : dims;
  const turned = (name: string) => g.node("Transpose", [name], { perm: [0, 3, 1, 2] });
  if (!channelsLast) return floatInput ? g.quantized("x", dims, quantization) : g.made("x", dims, quantization);
  if (floatInput && g.random.real() < 0.5) return g.quantized(turned("x"), dims, quantization);
  const x = floatInput ? g.quantized("x", given, quantization) : g.made("x", given, quantization);
  return moved(g, g.random.real() < 0.5, x, dims, turned);
}

/** Random values of the input, as ONNX Runtime takes them and quantised. */
function drawInput(g: GraphWriter, quantization: Quantization): { feed: NamedValue; input: Activations } {
  const { channels, height, width, floatInput, channelsLast } = g.parameters;
  const { dtype, scale, zeroPoint } = quantization;
  const { lo, hi } = rangeOf(dtype);
  const integers = newActivations(dtype, channels * height * width).map(() => g.random.integer(lo, hi));
  const reals = Float32Array.from(integers, (q) => (q - zeroPoint + 1.2 * (g.random.real() - 0.5)) * scale);
  const input = floatInput ? integers.map((_, i) => quantizeValue(reals[i], quantization)) : integers;
  const given = floatInput ? reals : integers;
  const data = channelsLast ? exchanged(given, channels) : given;
  const shape = channelsLast ? [1, height, width, channels] : [1, channels, height, width];
  return { feed: { name: "x", type: floatInput ? "float32" : dtype, shape, data }, input };
}

/** Values of a channel that lie side by side in a tensor of two dimensions; 0 where it never was a map. */
function pixelsOf(kind: StepKind, { dims, pixels }: GraphTensor): number {
  if (kind === "gemm" || kind === "matmul") return 0;
  if (kind === "globalAveragePool") return 1;
  return dims.length === 4 ? dims[2] * dims[3] : pixels;
}

/** The tensor made last, and at times one or two others. */
function outputsOf({ tensors, random }: GraphWriter): readonly GraphTensor[] {
  const others = Array.from({ length: Math.max(0, random.integer(-2, 2)) }, () =>
    random.integer(0, tensors.length - 1),
  );
  const chosen = new Set([tensors.length - 1, ...others]);
  return [...chosen].flatMap((index) => (index === 0 ? [] : [tensors[index]]));
}

function outputInfo(g: GraphWriter, tensor: GraphTensor): ValueInfo {
  const last = g.parameters.channelsLast && tensor.dims.length === 4;
  const dims = last ? [0, 2, 3, 1].map((axis) => tensor.dims[axis]) : tensor.dims;
  const turned = (name: string) => (last ? g.node("Transpose", [name], { perm: [0, 2, 3, 1] }) : name);
  if (!g.parameters.floatOutputs) return valueInfo(turned(tensor.name), tensor.quantization.dtype, dims);
  return valueInfo(turned(g.node("DequantizeLinear", g.operand(tensor))), "float", dims);
}
