import { quantizeValue, rangeOf } from "../../arithmetic/index.ts";
import { newActivations } from "../../ir/activations.ts";
import type { Activations } from "../../ir/network.ts";
import { encodeModel, type ValueInfo, valueInfo } from "../../onnx/proto.ts";
import { Random } from "../../random/random.ts";
import type { NamedValue } from "../onnxruntime.ts";
import type { GraphCase, StepKind } from "./graph-case.ts";
import { type GraphTensor, GraphWriter } from "./graph-writer.ts";
import { flatten, gather, identity, pad, reshape, shuffle, slice, split, squeeze } from "./layout-steps.ts";
import { denseConv, depthwiseConv, gemm, groupConv, matmul, pointConv } from "./linear-steps.ts";
import { add, averagePool, clip, concat, globalAveragePool, maxPool, relu, requantize, resize } from "./map-steps.ts";

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
const maxElements = 6000;

/** Writes the graph of a case. */
export function buildGraph(parameters: GraphCase): BuiltGraph {
  const random = new Random(parameters.seed);
  const g = new GraphWriter(parameters, random);
  const dims = [1, parameters.channels, parameters.height, parameters.width];
  const quantization = g.anyQuantization();
  const { dtype } = quantization;
  const x: GraphTensor = parameters.floatInput ? g.quantized("x", dims, quantization) : g.made("x", dims, quantization);
  g.tensors.push(x);
  const steps: { kind: StepKind; qdq: boolean }[] = [];
  for (const { kind, back, qdq, seed } of parameters.steps) {
    g.random = new Random(seed);
    const operand = g.tensors[Math.max(0, g.tensors.length - 1 - back)];
    const before = g.nodes.length;
    const made = writers[kind](g, operand, qdq);
    if (made === undefined) {
      g.nodes.length = before;
      continue;
    }
    if (made.dims.reduce((product, extent) => product * extent, 1) > maxElements) break;
    g.tensors.push(made.dims.length === 2 ? { ...made, pixels: pixelsOf(kind, operand) } : made);
    steps.push({ kind, qdq });
  }
  // Some node must tell the input's scale.
  if (!g.nodes.some(({ opType }) => opType?.includes("Linear") || opType === "QGemm"))
    g.tensors.push(requantize(g, g.tensors[g.tensors.length - 1]));
  g.random = random;
  const outputs = outputsOf(g).map((tensor) => outputInfo(g, tensor));
  const model = {
    name: "random",
    node: g.nodes,
    initializer: g.constants,
    input: [valueInfo("x", parameters.floatInput ? "float" : dtype, dims)],
    output: outputs,
  };
  const { lo, hi } = rangeOf(dtype);
  const integers = newActivations(
    dtype,
    dims.reduce((product, extent) => product * extent, 1),
  );
  for (let i = 0; i < integers.length; i++) integers[i] = random.integer(lo, hi);
  const { scale, zeroPoint } = quantization;
  const reals = Float32Array.from(integers, (q) => (q - zeroPoint + 1.2 * (random.real() - 0.5)) * scale);
  const input = parameters.floatInput ? integers.map((_, i) => quantizeValue(reals[i], quantization)) : integers;
  const feed: NamedValue = parameters.floatInput
    ? { name: "x", type: "float32", shape: dims, data: reals }
    : { name: "x", type: dtype, shape: dims, data: integers };
  const bytes = encodeModel(model, parameters.opset);
  return { bytes, feed, input, outputs: outputs.map(({ name }) => name ?? ""), steps, rescaling: g.rescaling };
}

/** Values of a channel that lie side by side in a tensor of two dimensions. */
function pixelsOf(kind: StepKind, { dims, pixels }: GraphTensor): number {
  if (kind === "gemm" || kind === "matmul" || kind === "globalAveragePool") return 1;
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
  if (!g.parameters.floatOutputs) return valueInfo(tensor.name, tensor.quantization.dtype, tensor.dims);
  return valueInfo(g.node("DequantizeLinear", g.operand(tensor)), "float", tensor.dims);
}
