import { integerConstant, toNumber } from "../constant.ts";
import { ElementType } from "../proto.ts";
import type { ImportNode } from "./node.ts";

/** Integers that are known when a graph is read: extents, and what is computed of them. */
interface Integers {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** Most of them in one tensor: shapes are short. */
const maxLength = 1024;

/**
 * Computes a node over known integers: PyTorch exports the extents of `x.view(x.size(0), -1)` or `x.chunk(2)` as Shape,
 * Gather, Concat, Div and so on. Its result becomes a constant.
 *
 * @returns whether the node was one; nothing is reported otherwise
 */
export function foldIntegers(node: ImportNode): boolean {
  const result = node.operator === "Shape" ? extentsOf(node) : computed(node);
  if (result === undefined || result.values.length > maxLength) return false;
  if (!result.values.every(Number.isSafeInteger)) return false;
  const { dims, values } = result;
  const tensor = { name: node.output, dims: [...dims], dataType: ElementType.int64, int64Data: [...values] };
  node.context.note(node, "host", "known extents, folded at import");
  node.context.defineConstant(node.output, tensor);
  return true;
}

/** Shape: the extents of an activation, or of a constant. */
function extentsOf(node: ImportNode): Integers | undefined {
  const { context } = node;
  const constant = context.constants.get(node.inputName(0));
  const dims = constant === undefined ? activationDims(node) : (constant.dims ?? []).map(toNumber);
  const values = dims?.slice(node.int("start", 0), node.int("end", dims.length));
  return values && { dims: [values.length], values };
}

/** The shape of an activation, where it is known already. */
function activationDims(node: ImportNode): readonly number[] | undefined {
  const value = node.context.value(node.inputName(0));
  if (value?.kind === "integer" || value?.kind === "real") return value.view.dims;
  return value?.kind === "draft" && value.after.length === 0 ? value.draft.dims : undefined;
}

function computed(node: ImportNode): Integers | undefined {
  const operation = operations.get(node.operator);
  if (operation === undefined || node.inputCount === 0) return undefined;
  const inputs: Integers[] = [];
  for (let i = 0; i < node.inputCount; i++) {
    const input = integersAt(node, i);
    if (input === undefined) return undefined;
    inputs.push(input);
  }
  return operation(inputs, node);
}

function integersAt(node: ImportNode, index: number): Integers | undefined {
  const tensor = node.context.constants.get(node.inputName(index));
  if (tensor?.dataType !== ElementType.int64 && tensor?.dataType !== ElementType.int32) return undefined;
  const constant = integerConstant(tensor);
  return "problem" in constant ? undefined : { dims: constant.shape, values: constant.values };
}

type Operation = (inputs: readonly Integers[], node: ImportNode) => Integers | undefined;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["Add", elementwise((a, b) => a + b)],
  ["Sub", elementwise((a, b) => a - b)],
  ["Mul", elementwise((a, b) => a * b)],
  ["Div", elementwise((a, b) => Math.trunc(a / b))],
  ["Concat", (inputs) => joined(inputs.flatMap(({ values }) => values))],
  ["Cast", ([input], node) => (isInteger(node.int("to", 0)) ? input : undefined)],
  ["Gather", gathered],
  ["Slice", sliced],
]);

/** Two operands of one shape, or one of a single value. */
function elementwise(operator: (a: number, b: number) => number): Operation {
  return ([a, b]) => {
    const [longer, other] = a.values.length >= b.values.length ? [a, b] : [b, a];
    if (other.values.length !== 1 && other.values.length !== longer.values.length) return undefined;
    const at = ({ values }: Integers, i: number): number => values[values.length === 1 ? 0 : i];
    const dims = longer.dims.length >= other.dims.length ? longer.dims : other.dims;
    return { dims, values: longer.values.map((_, i) => operator(at(a, i), at(b, i))) };
  };
}

function isInteger(type: number): boolean {
  return type === ElementType.int64 || type === ElementType.int32;
}

function joined(values: readonly number[]): Integers {
  return { dims: [values.length], values };
}

/** Some of a list, by their numbers. */
function gathered([{ dims, values }, indices]: readonly Integers[]): Integers | undefined {
  if (dims.length !== 1) return undefined;
  const chosen = indices.values.map((index) => values[index < 0 ? index + values.length : index]);
  return chosen.every((value) => value !== undefined) ? { dims: indices.dims, values: chosen } : undefined;
}

/** A part of a list. */
function sliced([list, starts, ends, axes, steps]: readonly Integers[]): Integers | undefined {
  const plain = (axes?.values[0] ?? 0) === 0 && (steps?.values[0] ?? 1) === 1;
  if (list.dims.length !== 1 || starts?.values.length !== 1 || ends === undefined || !plain) return undefined;
  return joined(list.values.slice(starts.values[0], ends.values[0]));
}
