import onnxProto from "onnx-proto";

/**
 * Small constructors over the ONNX protobuf messages. Only what vargen writes itself: one graph, initializers as raw
 * bytes, opset 13 and com.microsoft 1.
 */
const { onnx } = onnxProto;
type Attribute = onnxProto.onnx.IAttributeProto;
export type Node = onnxProto.onnx.INodeProto;
export type Tensor = onnxProto.onnx.ITensorProto;
export type ValueInfo = onnxProto.onnx.IValueInfoProto;
export type Model = onnxProto.onnx.IModelProto;
export type Graph = onnxProto.onnx.IGraphProto;

/** ONNX's numbers for the element types that vargen reads and writes. */
export const ElementType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof ElementType;

/** Values an initializer may have; the element type follows from the array. */
export type InitializerData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

export type AttributeValue = number | readonly number[] | { readonly float: number } | { readonly text: string };

/** An initializer of the given shape; an empty shape is a scalar. */
export function initializer(name: string, shape: readonly number[], data: InitializerData): Tensor {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...shape], dataType: ElementType[elementTypeOf(data)], rawData: bytes.slice() };
}

/** A node; integer attributes are numbers, integer lists arrays, floats `{ float }`, texts `{ text }`. */
export function operatorNode(
  opType: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = "",
): Node {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  return { opType, name, domain, input: [...inputs], output: [...outputs], attribute };
}

/** A graph input or output. */
export function valueInfo(name: string, type: ElementType, shape: readonly number[]): ValueInfo {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: ElementType[type], shape: { dim } } } };
}

/** Serialises a model of one graph (IR version 8, com.microsoft 1). */
export function encodeModel(graph: Graph, opset = 13): Uint8Array {
  const model: Model = {
    irVersion: 8,
    producerName: "vargen",
    opsetImport: [
      { domain: "", version: opset },
      { domain: "com.microsoft", version: 1 },
    ],
    graph,
  };
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject(model)).finish();
}

/** Parses a model. @throws Error of protobufjs on malformed bytes. */
export function decodeModel(bytes: Uint8Array): onnxProto.onnx.ModelProto {
  return onnx.ModelProto.decode(bytes);
}

function elementTypeOf(data: InitializerData): ElementType {
  if (data instanceof Float32Array) return "float";
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Int8Array) return "int8";
  return data instanceof Int32Array ? "int32" : "int64";
}

function attributeProto(name: string, value: AttributeValue): Attribute {
  const types = onnx.AttributeProto.AttributeType;
  if (typeof value === "number") return { name, type: types.INT, i: value };
  if ("text" in value) return { name, type: types.STRING, s: new TextEncoder().encode(value.text) };
  if ("float" in value) return { name, type: types.FLOAT, f: value.float };
  return { name, type: types.INTS, ints: [...value] };
}
