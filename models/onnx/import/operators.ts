import type { GraphInput } from "../graph-input.ts";
import { readAdd, readQLinearAdd } from "./add.ts";
import { readBatchNormalization } from "./batch-normalization.ts";
import { readClip, readRelu } from "./clamp.ts";
import { readConcat, readQLinearConcat } from "./concat.ts";
import { readConv, readQLinearConv } from "./conv.ts";
import { readGemm, readMatMul, readQGemm, readQLinearMatMul } from "./gemm.ts";
import { readHost } from "./host.ts";
import { readFlatten, readIdentity, readReshape, readSqueeze, readUnsqueeze } from "./layout.ts";
import type { ImportNode } from "./node.ts";
import { readPad } from "./pad.ts";
import {
  readAveragePool,
  readGlobalAveragePool,
  readMaxPool,
  readQLinearAveragePool,
  readQLinearGlobalAveragePool,
} from "./pool.ts";
import { readDequantizeLinear, readQuantizeLinear } from "./quantize.ts";
import { readResize } from "./resize.ts";
import { readGather, readSlice, readSplit } from "./select.ts";
import { readTranspose } from "./transpose.ts";

/** How an operator is read, and the attributes that its reader takes into account. */
export interface OperatorReader {
  readonly read: (node: ImportNode, input: GraphInput) => void;
  readonly attributes: readonly string[];
}

const window = ["kernel_shape", "strides", "pads", "dilations", "auto_pad"];
const pool = [...window, "ceil_mode", "storage_order"];
const gemm = ["alpha", "beta", "transA", "transB"];
// Attributes that concern float8 or training alone (saturate, momentum and others) change nothing here.
const quantize = ["axis", "output_dtype", "block_size", "saturate", "precision"];
const resize = [
  "mode",
  "coordinate_transformation_mode",
  "nearest_mode",
  "cubic_coeff_a",
  "extrapolation_value",
  "exclude_outside",
  "axes",
  "antialias",
  "keep_aspect_ratio_policy",
];

/** Readers by domain and operator. */
export const operators: ReadonlyMap<string, OperatorReader> = new Map<string, OperatorReader>([
  ["QuantizeLinear", { read: readQuantizeLinear, attributes: quantize }],
  ["DequantizeLinear", { read: readDequantizeLinear, attributes: quantize }],
  ["com.microsoft.QuantizeLinear", { read: readQuantizeLinear, attributes: quantize }],
  ["com.microsoft.DequantizeLinear", { read: readDequantizeLinear, attributes: quantize }],
  ["Conv", { read: readConv, attributes: [...window, "group"] }],
  ["QLinearConv", { read: readQLinearConv, attributes: [...window, "group"] }],
  ["Gemm", { read: readGemm, attributes: gemm }],
  ["com.microsoft.QGemm", { read: readQGemm, attributes: gemm }],
  ["MatMul", { read: readMatMul, attributes: [] }],
  ["QLinearMatMul", { read: readQLinearMatMul, attributes: [] }],
  ["Add", { read: readAdd, attributes: [] }],
  ["com.microsoft.QLinearAdd", { read: readQLinearAdd, attributes: [] }],
  ["Relu", { read: readRelu, attributes: [] }],
  ["Clip", { read: readClip, attributes: ["min", "max"] }],
  ["BatchNormalization", { read: readBatchNormalization, attributes: ["epsilon", "momentum", "spatial"] }],
  ["Concat", { read: readConcat, attributes: ["axis"] }],
  ["com.microsoft.QLinearConcat", { read: readQLinearConcat, attributes: ["axis"] }],
  ["MaxPool", { read: readMaxPool, attributes: pool }],
  ["AveragePool", { read: readAveragePool, attributes: [...pool, "count_include_pad"] }],
  [
    "com.microsoft.QLinearAveragePool",
    { read: readQLinearAveragePool, attributes: [...pool, "count_include_pad", "channels_last"] },
  ],
  ["GlobalAveragePool", { read: readGlobalAveragePool, attributes: [] }],
  ["ReduceMean", { read: readGlobalAveragePool, attributes: ["axes", "keepdims"] }],
  ["com.microsoft.QLinearGlobalAveragePool", { read: readQLinearGlobalAveragePool, attributes: ["channels_last"] }],
  ["Resize", { read: readResize, attributes: resize }],
  ["Upsample", { read: readResize, attributes: ["mode"] }],
  ["Flatten", { read: readFlatten, attributes: ["axis"] }],
  ["Reshape", { read: readReshape, attributes: ["allowzero"] }],
  ["Squeeze", { read: readSqueeze, attributes: ["axes"] }],
  ["Unsqueeze", { read: readUnsqueeze, attributes: ["axes"] }],
  ["Transpose", { read: readTranspose, attributes: ["perm"] }],
  ["Split", { read: readSplit, attributes: ["axis", "split", "num_outputs"] }],
  ["Slice", { read: readSlice, attributes: [] }],
  ["Gather", { read: readGather, attributes: ["axis"] }],
  ["Pad", { read: readPad, attributes: ["mode", "pads", "value"] }],
  ["Softmax", { read: readHost, attributes: ["axis"] }],
  ["LogSoftmax", { read: readHost, attributes: ["axis"] }],
  ["Sigmoid", { read: readHost, attributes: [] }],
  ["ArgMax", { read: readHost, attributes: ["axis", "keepdims", "select_last_index"] }],
  ["com.microsoft.QLinearSoftmax", { read: readHost, attributes: ["axis", "opset"] }],
  ["com.microsoft.QLinearSigmoid", { read: readHost, attributes: [] }],
  ["Identity", { read: readIdentity, attributes: [] }],
  ["Dropout", { read: readIdentity, attributes: ["ratio", "seed"] }],
]);

/** Operators whose result is quantised as their input is. */
export const quantizationPreserving: ReadonlySet<string> = new Set([
  ...["MaxPool", "Resize", "Upsample", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Split", "Slice"],
  ...["Gather", "Pad", "Identity", "Dropout", "Relu", "Clip"],
]);
