import { rangeOf } from "../../arithmetic/index.ts";
import { int8Constant, uint8Constant } from "../constant.ts";
import { ElementType, type Tensor } from "../proto.ts";
import { realConstant } from "./constants.ts";
import { emitClamp, materialize, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import type { Clamp, View } from "./value.ts";

/** Relu: of floats a bound that the next quantisation takes; of integers a clamp at 0. */
export function readRelu(node: ImportNode): void {
  clamp(node, 0, Number.POSITIVE_INFINITY);
}

/** Clip, its bounds constant inputs (or attributes, before opset 11). */
export function readClip(node: ImportNode): void {
  const bound = (index: number, attribute: string, standard: number): number | undefined => {
    if (node.inputName(index) === "") return node.float(attribute, standard);
    const constant = readScalar(node, index);
    return constant;
  };
  const lo = bound(1, "min", Number.NEGATIVE_INFINITY);
  const hi = bound(2, "max", Number.POSITIVE_INFINITY);
  if (lo === undefined || hi === undefined) return;
  if (lo <= hi) clamp(node, lo, hi);
  else node.report("attribute", `its bounds are [${lo}, ${hi}]`, "the lower bound comes first");
}

function clamp(node: ImportNode, lo: number, hi: number): void {
  const { context } = node;
  const value = node.value(0);
  if (value === undefined) return;
  if (value.kind === "integer") {
    clampIntegers(node, value.view, lo, hi);
    return;
  }
  if (value.kind !== "real" && value.kind !== "draft") {
    node.report("unquantized", `input '${node.inputName(0)}' is not an activation that is quantised`);
    return;
  }
  context.note(node, "drain", "a clamp in the next quantisation");
  const { clamp: before } = value;
  const both: Clamp = { lo: bounded(before.lo, lo, hi), hi: bounded(before.hi, lo, hi), node };
  context.define(node.output, { ...value, clamp: both });
}

function bounded(value: number, lo: number, hi: number): number {
  return Math.max(lo, Math.min(hi, value));
}

/** Relu and Clip of the integers themselves. */
function clampIntegers(node: ImportNode, view: View, lo: number, hi: number): void {
  const { quantization } = view.tensor;
  const range = rangeOf(quantization.dtype);
  const bounds = { lo: bounded(range.lo, lo, hi), hi: bounded(range.hi, lo, hi) };
  const tensor = materialize(view);
  if (tensor === undefined) return;
  const clamped = emitClamp(node, tensor, quantization, bounds);
  if (clamped !== undefined)
    node.context.define(node.output, { kind: "integer", view: viewOf(clamped, view.dims, node, view.channelsLast) });
}

function readScalar(node: ImportNode, index: number): number | undefined {
  const tensor = node.context.constants.get(node.inputName(index));
  const integers = tensor === undefined ? undefined : byteConstant(tensor);
  const values = integers ?? realConstant(node, index)?.values;
  if (values === undefined) return undefined;
  if (values.length === 1) return values[0];
  return node.report("constant", `input ${index} has ${values.length} values`, "a bound is one number");
}

function byteConstant(tensor: Tensor): Int8Array | Uint8Array | undefined {
  const constant = tensor.dataType === ElementType.int8 ? int8Constant(tensor) : uint8Constant(tensor);
  return "problem" in constant ? undefined : constant.values;
}
