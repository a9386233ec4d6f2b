import { ElementType, type Tensor } from "./proto.ts";

/** A constant tensor's values, or why they cannot be read. */
export type Constant<T> = { readonly shape: readonly number[]; readonly values: T } | { readonly problem: string };

/** Reads a float32 initializer. */
export function floatConstant(tensor: Tensor): Constant<Float32Array> {
  return readConstant(tensor, "float", Float32Array, tensor.floatData);
}

/** Reads an int8 initializer. */
export function int8Constant(tensor: Tensor): Constant<Int8Array> {
  return readConstant(tensor, "int8", Int8Array, tensor.int32Data);
}

/** Reads a uint8 initializer. */
export function uint8Constant(tensor: Tensor): Constant<Uint8Array> {
  return readConstant(tensor, "uint8", Uint8Array, tensor.int32Data);
}

/** Reads an int32 initializer. */
export function int32Constant(tensor: Tensor): Constant<Int32Array> {
  return readConstant(tensor, "int32", Int32Array, tensor.int32Data);
}

/** Most integers that a list of sizes, axes or channels has. */
const maxIntegers = 2 ** 20;

/** Reads an int64 or int32 initializer as numbers. */
export function integerConstant(tensor: Tensor): Constant<readonly number[]> {
  if (tensor.dataType !== ElementType.int64) {
    const constant = int32Constant(tensor);
    return "problem" in constant ? constant : { ...constant, values: [...constant.values] };
  }
  const external = externalProblem(tensor);
  if (external !== undefined) return external;
  const raw = tensor.rawData ?? new Uint8Array();
  const listed = tensor.int64Data ?? [];
  const shape = (tensor.dims ?? []).map(toNumber);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const given = raw.length > 0 ? raw.length / 8 : listed.length;
  if (length !== given || length > maxIntegers)
    return { problem: `it holds ${given} values where its shape [${shape}] needs ${length}` };
  if (raw.length === 0) return { shape, values: listed.map(toNumber) };
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return { shape, values: Array.from({ length }, (_, i) => Number(view.getBigInt64(8 * i, true))) };
}

/** ONNX's names of element types, by number. */
const elementTypeNames = [
  ...[
    "undefined",
    "float",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "string",
    "bool",
    "float16",
    "double",
  ],
  ...["uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2"],
  ...["float8e5m2fnuz", "uint4", "int4", "float4e2m1"],
];

/** The element type of an initializer, by name. */
export function elementTypeName(type: number | null | undefined): string {
  return elementTypeNames[type ?? 0] ?? `element type ${type}`;
}

/** A protobuf integer, which may come as a number or as a 64-bit object. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "toNumber" in value && typeof value.toNumber === "function")
    return Number(value.toNumber());
  return Number.NaN;
}

function externalProblem(tensor: Tensor): { readonly problem: string } | undefined {
  const external = tensor.dataLocation === 1 || (tensor.externalData ?? []).length > 0;
  return external ? { problem: "its data is in another file: save the model with its data inside" } : undefined;
}

interface TypedArrayClass<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
  new (buffer: ArrayBuffer): T;
}

function readConstant<T extends Float32Array | Int8Array | Uint8Array | Int32Array>(
  tensor: Tensor,
  type: keyof typeof ElementType,
  Values: TypedArrayClass<T>,
  listed: readonly number[] | null | undefined,
): Constant<T> {
  if (tensor.dataType !== ElementType[type])
    return { problem: `it holds ${elementTypeName(tensor.dataType)}, not ${type}` };
  const external = externalProblem(tensor);
  if (external !== undefined) return external;
  const shape = (tensor.dims ?? []).map(toNumber);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const raw = tensor.rawData ?? new Uint8Array();
  const given = raw.length > 0 ? raw.length / Values.BYTES_PER_ELEMENT : (listed ?? []).length;
  if (length !== given || shape.some((extent) => extent < 1))
    return { problem: `it holds ${given} values where its shape [${shape}] needs ${length}` };
  if (raw.length === 0) {
    const values = new Values(length);
    values.set(listed ?? []);
    return { shape, values };
  }
  const bytes = new Uint8Array(raw.length);
  bytes.set(raw);
  return { shape, values: new Values(bytes.buffer) };
}
