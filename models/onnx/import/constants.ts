import { quantizeValue } from "../../arithmetic/index.ts";
import { elementTypeName, floatConstant, int8Constant, int32Constant, uint8Constant } from "../constant.ts";
import { ElementType, initializer, type Tensor } from "../proto.ts";
import type { ImportNode } from "./node.ts";
import { type DequantizedConstant, productOf } from "./value.ts";

type IntegerReader = typeof int8Constant | typeof uint8Constant | typeof int32Constant;

const readers = new Map<number, IntegerReader>([
  [ElementType.int8, int8Constant],
  [ElementType.uint8, uint8Constant],
  [ElementType.int32, int32Constant],
]);

/** QuantizeLinear of a float initializer, as training frameworks export weights. */
export function foldQuantize(node: ImportNode): void {
  const { context } = node;
  const tensor = node.constant(0);
  const values = tensor && context.spend(node, bytesOf(tensor)) ? node.float32(0) : undefined;
  const scales = node.floats(1);
  if (values === undefined || scales === undefined) return;
  const zero = context.constants.get(node.inputName(2));
  const dtype = zero === undefined ? node.int("output_dtype", ElementType.uint8) : zero.dataType;
  const zeroPoints = zero === undefined ? new Array<number>(scales.length).fill(0) : zeroPointsOf(node, 2);
  if (zeroPoints === undefined) return;
  const type = dtype === ElementType.int8 ? "int8" : "uint8";
  const index = channelIndex(node, values.shape, scales.length);
  if (index === undefined) return;
  const data = Float32Array.from(values.values, (value, i) =>
    quantizeValue(value, { dtype: type, scale: scales[index(i)], zeroPoint: zeroPoints[index(i)] ?? 0 }),
  );
  context.note(node, "host", "a constant, folded at import");
  const stored = type === "int8" ? Int8Array.from(data) : Uint8Array.from(data);
  context.defineConstant(node.output, initializer(node.output, values.shape, stored));
}

/** DequantizeLinear of an integer initializer: inputs x, scale, zero point. */
export function dequantizedConstant(node: ImportNode): DequantizedConstant | undefined {
  const scales = node.floats(1);
  const constant = scales && dequantizedConstantOf(node, 0, scales);
  if (constant === undefined || channelIndex(node, constant.dims, constant.scales.length) === undefined)
    return undefined;
  if (!constant.scales.every((scale) => scale > 0 && Number.isFinite(scale)))
    return node.report("scale", `a scale of '${node.inputName(1)}' is not a positive number`, "calibrate again");
  return constant;
}

/** An integer constant at an input, its zero points two inputs further on. */
export function dequantizedConstantOf(
  node: ImportNode,
  index: number,
  scales: Float32Array,
): DequantizedConstant | undefined {
  const tensor = node.constant(index);
  if (tensor === undefined) return undefined;
  if (!node.context.spend(node, bytesOf(tensor))) return undefined;
  const read = readers.get(tensor.dataType ?? 0);
  if (read === undefined) {
    const type = elementTypeName(tensor.dataType);
    return node.report(
      "constant",
      `input ${index} '${tensor.name}' is ${type}`,
      "quantise it to int8, a bias to int32",
    );
  }
  const constant = read(tensor);
  if ("problem" in constant) return node.report("constant", `input ${index} '${tensor.name}': ${constant.problem}`);
  const left = node.inputName(index + 2) === "";
  const zeroPoints = left ? new Array<number>(scales.length).fill(0) : zeroPointsOf(node, index + 2, read);
  if (zeroPoints === undefined) return undefined;
  const axis = scales.length === 1 ? 0 : axisOf(node, constant.shape.length);
  return { dims: constant.shape, values: constant.values, scales, zeroPoints, axis };
}

function zeroPointsOf(node: ImportNode, index: number, like?: IntegerReader) {
  const tensor = node.constant(index);
  if (tensor === undefined) return undefined;
  const read = like ?? (tensor.dataType === ElementType.int8 ? int8Constant : uint8Constant);
  const constant = read(tensor);
  if (!("problem" in constant)) return [...constant.values];
  return node.report(
    "zero-point",
    `zero point '${tensor.name}': ${constant.problem}`,
    "requantise the network to int8 or uint8",
  );
}

/** About the memory that a constant's values take once they are read. */
function bytesOf({ rawData, floatData, int32Data }: Tensor): number {
  return (rawData ?? []).length + 4 * ((floatData ?? []).length + (int32Data ?? []).length);
}

function axisOf(node: ImportNode, rank: number): number {
  const axis = node.int("axis", 1);
  return axis < 0 ? axis + rank : axis;
}

/** Which of `count` scales an element has; undefined, and reported, where they do not fit the shape. */
function channelIndex(node: ImportNode, dims: readonly number[], count: number): ((i: number) => number) | undefined {
  if (count === 1) return () => 0;
  const axis = axisOf(node, dims.length);
  if (dims[axis] !== count || node.int("block_size", 0) !== 0)
    return node.report(
      "per-channel",
      `${count} scales along axis ${axis} (block_size ${node.int("block_size", 0)}) do not fit the shape [${dims}]`,
      "give one scale, or one for each output channel",
    );
  const inner = productOf(dims.slice(axis + 1));
  return (i) => Math.floor(i / inner) % count;
}

/** A constant as real numbers, whether it is stored as floats or quantised. */
export function realConstant(
  node: ImportNode,
  index: number,
): { readonly dims: readonly number[]; readonly values: Float64Array } | undefined {
  const name = node.inputName(index);
  const value = node.context.value(name);
  if (value?.kind === "constant") {
    const { dims, values, scales, zeroPoints, axis } = value.constant;
    if (!node.context.spend(node, 8 * values.length)) return undefined;
    const inner = scales.length === 1 ? 1 : productOf(dims.slice(axis + 1));
    const channel = (i: number): number => (scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length);
    return { dims, values: Float64Array.from(values, (q, i) => (q - zeroPoints[channel(i)]) * scales[channel(i)]) };
  }
  const tensor = node.context.constants.get(name);
  if (tensor !== undefined && !node.context.spend(node, 2 * bytesOf(tensor))) return undefined;
  const constant = tensor === undefined ? undefined : floatConstant(tensor);
  if (constant === undefined) {
    if (node.context.isLost(name)) return undefined;
    return node.report("not-constant", `input ${index} '${name}' is not a constant`, "fold it into an initializer");
  }
  if ("problem" in constant) return node.report("constant", `input ${index} '${name}': ${constant.problem}`);
  return { dims: constant.shape, values: Float64Array.from(constant.values) };
}
