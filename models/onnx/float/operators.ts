import type { ImportNode } from "../import/node.ts";
import { operators } from "../import/operators.ts";
import type { FloatContext } from "./context.ts";
import { readConv } from "./conv.ts";
import { readBatchNormalization, readClip, readDiv, readFloatAdd, readMul, readRelu, readSub } from "./elementwise.ts";
import { readGemm, readMatMul } from "./gemm.ts";

/**
 * Operators that move values about, or whose results need no weights, or that the host computes behind the network's
 * end: the importer's readers do for float too.
 */
const shared = [
  "Concat",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "ReduceMean",
  "Resize",
  "Upsample",
  "Flatten",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Split",
  "Slice",
  "Gather",
  "Pad",
  "Identity",
  "Dropout",
  "Softmax",
  "LogSoftmax",
  "Sigmoid",
  "ArgMax",
];

/** How a float operator is read, and the attributes that its reader takes into account. */
export interface FloatOperator {
  readonly read: (node: ImportNode, context: FloatContext) => void;
  readonly attributes: readonly string[];
}

const own: readonly (readonly [string, FloatOperator["read"], readonly string[]])[] = [
  ["Conv", readConv, []],
  ["Gemm", readGemm, []],
  ["MatMul", readMatMul, []],
  ["BatchNormalization", readBatchNormalization, ["training_mode"]],
  ["Relu", readRelu, []],
  ["Clip", readClip, []],
  ["Add", readFloatAdd, []],
  ["Sub", readSub, []],
  ["Mul", readMul, []],
  ["Div", readDiv, []],
];

/** Readers by operator. */
export const floatOperators: ReadonlyMap<string, FloatOperator> = new Map([
  ...own.map(([name, read, more]) => [name, { read, attributes: [...attributesOf(name), ...more] }] as const),
  ...shared.map((name) => [name, { read: sharedReader(name), attributes: attributesOf(name) }] as const),
]);

/** What to do about operators that are often met and cannot be read, by name. */
export const remedies: ReadonlyMap<string, string> = new Map([
  ...["HardSwish", "HardSigmoid", "Elu", "LeakyRelu", "PRelu", "Gelu", "Tanh", "Selu", "Softplus", "Mish"].map(
    (name) => [name, "train with Relu or Relu6, which the hardware has"] as const,
  ),
  ...["QuantizeLinear", "DequantizeLinear", "QLinearConv"].map(
    (name) => [name, "the file is quantised already: use it as it is, see vargen import"] as const,
  ),
  ["ConvTranspose", "use nearest upsampling (Resize by 2) and a Conv"],
]);

function attributesOf(name: string): readonly string[] {
  return operators.get(name)?.attributes ?? [];
}

function sharedReader(name: string): FloatOperator["read"] {
  const reader = operators.get(name)?.read;
  if (reader === undefined) throw new Error(`the importer has no reader for ${name}`);
  return (node, { graphInput }) => reader(node, graphInput);
}
