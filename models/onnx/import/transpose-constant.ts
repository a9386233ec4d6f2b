import { elementTypeName, floatConstant, int8Constant, toNumber, uint8Constant } from "../constant.ts";
import { ElementType, initializer } from "../proto.ts";
import type { ImportNode } from "./node.ts";
import type { DequantizedConstant } from "./value.ts";

/** What a transposed weight is charged with: it takes time as well as memory. */
export const transposeCost = 8;

/** Transpose of a constant matrix, dequantised or not: exporters write fully connected layers so. */
export function transposeConstant(node: ImportNode, perm: readonly number[] | undefined): void {
  const { context } = node;
  const name = node.inputName(0);
  const value = context.value(name);
  const tensor = context.constants.get(name);
  const dims = value?.kind === "constant" ? value.constant.dims : (tensor?.dims ?? []).map(toNumber);
  if (dims.length !== 2 || (perm !== undefined && perm.join() !== "1,0")) {
    node.report("attribute", `it transposes a constant of shape [${dims}] by [${perm ?? ""}]`, "fold it at export");
    return;
  }
  context.note(node, "host", "a constant, folded at import");
  if (value?.kind === "constant") {
    const constant = transposedConstant(node, value.constant);
    if (constant !== undefined) context.define(node.output, { kind: "constant", constant });
    return;
  }
  if (tensor === undefined) return;
  const read = readers.get(tensor.dataType ?? 0);
  if (read === undefined) {
    node.report("constant", `'${name}' holds ${elementTypeName(tensor.dataType)}`, "fold it at export");
    return;
  }
  const constant = context.spend(node, transposeCost * dims[0] * dims[1]) ? read(tensor) : undefined;
  if (constant === undefined) return;
  if ("problem" in constant) node.report("constant", `'${name}': ${constant.problem}`);
  else {
    const [rows, columns] = dims;
    const data = transpose(constant.values, rows, columns);
    context.defineConstant(node.output, initializer(node.output, [columns, rows], data));
  }
}

const readers = new Map<number, typeof floatConstant | typeof int8Constant | typeof uint8Constant>([
  [ElementType.float, floatConstant],
  [ElementType.int8, int8Constant],
  [ElementType.uint8, uint8Constant],
]);

/** A dequantised matrix with its axes exchanged. */
export function transposedConstant(node: ImportNode, constant: DequantizedConstant): DequantizedConstant | undefined {
  const { dims, values, axis } = constant;
  if (!node.context.spend(node, transposeCost * values.length)) return undefined;
  const [rows, columns] = dims;
  return { ...constant, dims: [columns, rows], values: transpose(values, rows, columns), axis: 1 - axis };
}

/** Swaps the two axes of a matrix. */
export function transpose<T extends Int8Array | Uint8Array | Int32Array | Float32Array>(
  values: T,
  rows: number,
  columns: number,
): T;
export function transpose(values: Int8Array | Uint8Array | Int32Array | Float32Array, rows: number, columns: number) {
  const result = values.slice();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column];
  return result;
}
