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

/** The element type of an initializer, by name if vargen knows it. */
export function elementTypeName(type: number | null | undefined): string {
  return Object.entries(ElementType).find(([, number]) => number === type)?.[0] ?? `element type ${type}`;
}

/** A protobuf integer, which may come as a number or as a 64-bit object. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "toNumber" in value && typeof value.toNumber === "function")
    return Number(value.toNumber());
  return Number.NaN;
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
  if (tensor.dataLocation === 1 || (tensor.externalData ?? []).length > 0)
    return { problem: "its data is in another file: save the model with its data inside" };
  const shape = (tensor.dims ?? []).map(toNumber);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const raw = tensor.rawData ?? new Uint8Array();
  const given = raw.length > 0 ? raw.length / Values.BYTES_PER_ELEMENT : (listed ?? []).length;
  if (length !== given) return { problem: `it holds ${given} values where its shape [${shape}] needs ${length}` };
  if (raw.length === 0) {
    const values = new Values(length);
    values.set(listed ?? []);
    return { shape, values };
  }
  const bytes = new Uint8Array(raw.length);
  bytes.set(raw);
  return { shape, values: new Values(bytes.buffer) };
}
