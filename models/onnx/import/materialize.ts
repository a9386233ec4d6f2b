import { dequantizeValue, quantizeValue, rangeOf } from "../../arithmetic/index.ts";
import type { FeatureShape, Padding, Quantization, TensorInfo } from "../../ir/network.ts";
import { formatShape } from "../../ir/shape.ts";
import type { ImportNode } from "./node.ts";
import { type Clamp, productOf, type Value, type View } from "./value.ts";

/** Tensors made of a tensor for a view's order, padding or bounds, so that several readers share one. */
const made = new WeakMap<TensorInfo, Map<object, TensorInfo>>();

/** A whole tensor as a view of itself. */
export function viewOf(tensor: TensorInfo, dims: readonly number[], origin: ImportNode, channelsLast = false): View {
  return { tensor, dims, order: undefined, channelsLast, padding: undefined, origin };
}

/** ONNX's four dimensions of a feature map. */
export function mapDims({ channels, height, width }: FeatureShape): readonly number[] {
  return [1, channels, height, width];
}

/** Extents of a view before its padding. */
export function shapeOf({ tensor, order }: View): FeatureShape {
  return order === undefined ? tensor.shape : { ...tensor.shape, channels: order.length };
}

/** The view, if its shape is that of a feature map; reports otherwise. */
export function featureView(node: ImportNode, view: View): View | undefined {
  const shape = shapeOf(view);
  if (view.channelsLast)
    return node.report(
      "layout",
      `its input has its channels last, of shape [${view.dims}]`,
      "export the model channels first (NCHW), transposed at its input and output only",
    );
  const { top, left, bottom, right } = view.padding ?? { top: 0, left: 0, bottom: 0, right: 0 };
  const expected = [1, shape.channels, shape.height + top + bottom, shape.width + left + right];
  if (view.dims.length === 4 && view.dims.every((extent, axis) => extent === expected[axis])) return view;
  const message = `its input has shape [${view.dims}], reshaped from a ${formatShape(shape)} map`;
  return node.report("shape", message, "only [1, channels, height, width] is read here");
}

/** The view's values in a tensor: a layer is made where it has an order or padding. */
export function materialize(view: View): TensorInfo | undefined {
  const { tensor, order, padding, origin } = view;
  if (order !== undefined) {
    const ordered = shared(tensor, order, () => {
      const names = layerNames(origin, padding === undefined);
      return origin.context.emit(
        origin,
        { kind: "channels", ...names, input: tensor.name, order },
        tensor.quantization,
      );
    });
    return ordered && materialize({ ...view, tensor: ordered, order: undefined });
  }
  if (padding !== undefined) return shared(tensor, padding, () => padded(origin, tensor, padding));
  return tensor;
}

/** A dequantised value in a tensor: bounds on it are applied in its own quantisation, if they are exact there. */
export function materializeReal(node: ImportNode, value: Extract<Value, { readonly kind: "real" }>) {
  const { view, clamp } = value;
  const bounds = clampBounds(clamp, view.tensor.quantization);
  const tensor = materialize(view);
  if (tensor === undefined) return undefined;
  if (bounds === undefined) return { tensor, view };
  if (!isExact(clamp, tensor.quantization))
    return node.report(
      "unquantized",
      `its input is clipped to [${clamp.lo}, ${clamp.hi}] by ${clamp.node?.label}, without being quantised again`,
      "quantise the clipped values: QuantizeLinear and DequantizeLinear",
    );
  const clamped = shared(tensor, clamp, () => emitClamp(clamp.node ?? node, tensor, tensor.quantization, bounds));
  return clamped && { tensor: clamped, view: viewOf(clamped, view.dims, node, view.channelsLast) };
}

/** Integer bounds of a clamp, or undefined where the type's own do. */
export function clampBounds({ lo, hi }: Clamp, quantization: Quantization) {
  const range = rangeOf(quantization.dtype);
  const bounds = {
    lo: lo === Number.NEGATIVE_INFINITY ? range.lo : quantizeValue(lo, quantization),
    hi: hi === Number.POSITIVE_INFINITY ? range.hi : quantizeValue(hi, quantization),
  };
  return bounds.lo === range.lo && bounds.hi === range.hi ? undefined : bounds;
}

/** Makes a requantising layer that is named after a node. */
export function emitClamp(
  node: ImportNode,
  input: TensorInfo,
  quantization: Quantization,
  bounds: { readonly lo: number; readonly hi: number } = rangeOf(quantization.dtype),
  output: string = node.output,
): TensorInfo | undefined {
  const name = node.context.freeLayerName(node.name);
  const names = { name, output: node.context.freeTensorName(output), input: input.name };
  return node.context.emit(node, { kind: "requantize", ...names, ...bounds }, quantization);
}

/** Whether the bounds are values of the quantisation, or outside its range. */
function isExact({ lo, hi }: Clamp, quantization: Quantization): boolean {
  const range = rangeOf(quantization.dtype);
  const least = dequantizeValue(range.lo, quantization);
  const most = dequantizeValue(range.hi, quantization);
  return [lo, hi].every(
    (bound) =>
      bound <= least || bound >= most || dequantizeValue(quantizeValue(bound, quantization), quantization) === bound,
  );
}

/** Padding by itself: a depthwise 1x1 convolution by one. */
function padded(origin: ImportNode, tensor: TensorInfo, padding: Padding): TensorInfo | undefined {
  const { channels } = tensor.shape;
  const one = { height: 1, width: 1 };
  const layer = {
    kind: "conv",
    ...layerNames(origin, true),
    input: tensor.name,
    groups: channels,
    kernel: one,
    stride: { y: 1, x: 1 },
    padding,
    weights: new Int8Array(channels).fill(1),
    weightScales: new Float32Array(channels).fill(1),
    bias: new Int32Array(channels),
  } as const;
  return origin.context.emit(origin, layer, tensor.quantization);
}

function layerNames({ context, name, output }: ImportNode, last: boolean) {
  const suffix = last ? "" : ".channels";
  return { name: context.freeLayerName(`${name}${suffix}`), output: context.freeTensorName(`${output}${suffix}`) };
}

function shared(source: TensorInfo, key: object, make: () => TensorInfo | undefined): TensorInfo | undefined {
  const known = made.get(source)?.get(key);
  if (known !== undefined) return known;
  const tensor = make();
  if (tensor !== undefined) made.set(source, (made.get(source) ?? new Map<object, TensorInfo>()).set(key, tensor));
  return tensor;
}

/** The number of values that a shape with one extent left open (-1) implies it to be; undefined if there is none. */
export function inferredDims(wanted: readonly number[], elements: number): readonly number[] | undefined {
  const open = wanted.indexOf(-1);
  if (open < 0) return productOf(wanted) === elements ? wanted : undefined;
  const rest = productOf(wanted.filter((_, axis) => axis !== open));
  const extent = elements / rest;
  return Number.isInteger(extent) && extent > 0 ? wanted.map((one, axis) => (axis === open ? extent : one)) : undefined;
}
