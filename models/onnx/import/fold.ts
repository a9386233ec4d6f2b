import {
  type Constant,
  floatConstant,
  int8Constant,
  int32Constant,
  integerConstant,
  uint8Constant,
} from "../constant.ts";
import { ElementType, type InitializerData, initializer, type Tensor } from "../proto.ts";
import { mapDims } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { productOf } from "./value.ts";

/** A constant while operators on it are carried out. */
interface Folded {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  readonly type: number;
}

/** Values of a constant that is computed at import at most: scales, biases and shapes, not weights. */
const maxValues = 2 ** 16;

type Rule = (node: ImportNode, operands: readonly Folded[]) => Folded | undefined;

/** Operators that exporters leave between constants, such as those of PyTorch's biases and shapes. */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["Cast", (node, [x]) => ({ ...x, type: node.int("to", 0), values: x.values.map(converter(node.int("to", 0))) })],
  ["Mul", elementwise((a, b) => a * b)],
  ["Div", elementwise((a, b) => a / b)],
  ["Add", elementwise((a, b) => a + b)],
  ["Sub", elementwise((a, b) => a - b)],
  ["Gather", gathered],
  ["Concat", joined],
  ["ConstantOfShape", filled],
]);

/** Carries an operator out whose inputs are all constants. @returns whether it was one (problems are reported) */
export function foldNode(node: ImportNode, key: string): boolean {
  if (key === "Shape") return foldShape(node);
  const rule = rules.get(key);
  const count = node.inputCount;
  const names = Array.from({ length: count }, (_, index) => node.inputName(index));
  if (rule === undefined || count === 0 || !names.every((name) => node.context.constants.has(name))) return false;
  const operands = names.flatMap((_, index) => read(node, index) ?? []);
  const result = operands.length === count ? rule(node, operands) : undefined;
  if (result !== undefined) keep(node, result);
  return true;
}

/** Shape of an activation or constant: its extents are all known. */
function foldShape(node: ImportNode): boolean {
  const name = node.inputName(0);
  const tensor = node.context.constants.get(name);
  const value = node.context.value(name);
  let dims: readonly number[] | undefined;
  if (tensor !== undefined) dims = read(node, 0)?.dims;
  else if (value?.kind === "integer" || value?.kind === "real") dims = value.view.dims;
  else if (value?.kind === "draft" && value.after.length === 0) dims = value.draft.dims;
  else if (value?.kind === "constant") dims = value.constant.dims;
  else if (value?.kind === "input" && node.context.inputShape) dims = mapDims(node.context.inputShape);
  if (dims === undefined) return tensor !== undefined;
  const chosen = dims.slice(node.int("start", 0), node.attributeNames.includes("end") ? node.int("end", 0) : undefined);
  keep(node, { dims: [chosen.length], values: chosen, type: ElementType.int64 });
  return true;
}

const readers = new Map<number, (tensor: Tensor) => Constant<ArrayLike<number>>>([
  [ElementType.float, floatConstant],
  [ElementType.int8, int8Constant],
  [ElementType.uint8, uint8Constant],
  [ElementType.int32, int32Constant],
]);

function read(node: ImportNode, index: number): Folded | undefined {
  const tensor = node.constant(index);
  if (tensor === undefined) return undefined;
  const type = tensor.dataType ?? 0;
  const constant = (readers.get(type) ?? integerConstant)(tensor);
  if ("problem" in constant)
    return node.report("constant", `input ${index} '${tensor.name}': ${constant.problem}`, "fold constants at export");
  if (constant.values.length <= maxValues) return { dims: constant.shape, values: Array.from(constant.values), type };
  const message = `input ${index} '${tensor.name}' has ${constant.values.length} values`;
  return node.report("constant", message, "fold constants at export");
}

function keep(node: ImportNode, { dims, values, type }: Folded): void {
  if (!node.context.spend(node, 64 * values.length)) return;
  const data = arrayOf(type, values);
  if (data === undefined) {
    node.report("constant", `it makes constants of element type ${type}`, "fold constants at export");
    return;
  }
  node.context.note(node, "host", "a constant, folded at import");
  node.context.defineConstant(node.output, initializer(node.output, dims, data));
}

function arrayOf(type: number, values: readonly number[]): InitializerData | undefined {
  if (type === ElementType.float) return Float32Array.from(values);
  if (type === ElementType.int8) return Int8Array.from(values);
  if (type === ElementType.uint8) return Uint8Array.from(values);
  if (type === ElementType.int32) return Int32Array.from(values);
  const whole = type === ElementType.int64 && values.every(Number.isSafeInteger);
  return whole ? BigInt64Array.from(values, BigInt) : undefined;
}

/** Conversion to an element type: integers drop the fraction. */
function converter(type: number): (value: number) => number {
  return type === ElementType.float ? Math.fround : Math.trunc;
}

/** An operator on constants of one shape, or of one value. */
function elementwise(compute: (a: number, b: number) => number): Rule {
  return (node, [a, b]) => {
    const [long, short] = a.values.length >= b.values.length ? [a, b] : [b, a];
    if (short.values.length !== 1 && short.dims.join() !== long.dims.join())
      return node.report("constant", `constants of shapes [${a.dims}] and [${b.dims}]`, "fold constants at export");
    const at = ({ values }: Folded, i: number): number => values[values.length === 1 ? 0 : i];
    const convert = converter(a.type);
    const dims = short.values.length === 1 && short.dims.length > long.dims.length ? short.dims : long.dims;
    return { type: a.type, dims, values: long.values.map((_, i) => convert(compute(at(a, i), at(b, i)))) };
  };
}

function gathered(node: ImportNode, [source, indices]: readonly Folded[]): Folded | undefined {
  const values = indices.values.map((index) => source.values[index < 0 ? index + source.values.length : index]);
  const plain = source.dims.length === 1 && node.int("axis", 0) === 0 && values.every((value) => value !== undefined);
  if (plain) return { type: source.type, dims: indices.dims, values };
  return node.report("constant", `it gathers from a constant of shape [${source.dims}]`, "fold constants at export");
}

function joined(node: ImportNode, parts: readonly Folded[]): Folded | undefined {
  if (parts.some(({ dims }) => dims.length !== 1))
    return node.report("constant", "it concatenates constants of several dimensions", "fold constants at export");
  const values = parts.flatMap((part) => part.values);
  return { type: parts[0].type, dims: [values.length], values };
}

function filled(node: ImportNode, [shape]: readonly Folded[]): Folded | undefined {
  const size = productOf(shape.values);
  if (!(size <= maxValues) || shape.values.some((extent) => extent < 1))
    return node.report("constant", `it makes a constant of shape [${shape.values}]`, "fold constants at export");
  const value = node.tensorAttribute("value");
  return {
    type: value?.type ?? ElementType.float,
    dims: shape.values,
    values: new Array<number>(size).fill(value?.first ?? 0),
  };
}
