import { rangeOf } from "../../arithmetic/index.ts";
import { newActivations } from "../../ir/activations.ts";
import type { AttributeValue } from "../../onnx/proto.ts";
import type { GraphTensor, GraphWriter } from "./graph-writer.ts";
import { activation } from "./linear-steps.ts";
import { type DrawnWindow, drawWindow } from "./window.ts";

const microsoft = "com.microsoft";

/**
 * An operator that moves or chooses values: on the integers themselves, or, in QDQ form, between DequantizeLinear and
 * QuantizeLinear of one scale.
 */
export function moved(
  g: GraphWriter,
  qdq: boolean,
  input: GraphTensor,
  dims: readonly number[],
  write: (name: string) => string,
): GraphTensor {
  if (!qdq) return g.made(write(input.name), dims, input.quantization);
  return g.quantized(write(g.real(input)), dims, input.quantization);
}

/** Whether a tensor has ever had a height and width: the writer mixes no others with such. */
function wasMap({ pixels }: Pick<GraphTensor, "pixels">): boolean {
  return pixels > 0;
}

export function add(g: GraphWriter, a: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const others = g.tensors.filter((b) => b.dims.join() === a.dims.join() && wasMap(a) === wasMap(b));
  const b = others[g.random.integer(0, others.length - 1)];
  const ratio = b.quantization.scale / a.quantization.scale;
  if (ratio > 64 || ratio < 1 / 64) return undefined;
  const output = g.nearQuantization(Math.max(a.quantization.scale, b.quantization.scale));
  if (!qdq) {
    const inputs = [...g.operand(a), ...g.operand(b), ...g.scales(output)];
    return g.made(g.node("QLinearAdd", inputs, {}, microsoft), a.dims, output);
  }
  const real = g.node("Add", [g.real(a), g.real(b)]);
  return g.quantized(activation(g, real, output), a.dims, output);
}

export function concat(g: GraphWriter, first: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const fits = ({ dims, pixels }: GraphTensor) =>
    dims.length === first.dims.length &&
    wasMap({ pixels }) === wasMap(first) &&
    dims.every((extent, axis) => axis === 1 || extent === first.dims[axis]);
  const others = g.tensors.filter(fits);
  const drawn = Array.from({ length: g.random.integer(1, 3) }, () => others[g.random.integer(0, others.length - 1)]);
  const inputs = [first, ...drawn];
  const channels = inputs.reduce((sum, { dims }) => sum + dims[1], 0);
  if (channels > 48) return undefined;
  const dims = first.dims.map((extent, axis) => (axis === 1 ? channels : extent));
  const output = g.nearQuantization(first.quantization.scale);
  if (qdq) {
    const axis = g.random.real() < 0.8 ? 1 : 1 - dims.length;
    const reals = inputs.map((one) => g.real(one));
    return g.quantized(g.node("Concat", reals, { axis }), dims, output);
  }
  const operands = [...g.scales(output), ...inputs.flatMap((one) => g.operand(one))];
  return g.made(g.node("QLinearConcat", operands, { axis: 1 }, microsoft), dims, output);
}

export function maxPool(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (input.dims.length !== 4) return undefined;
  const { attributes, extents } = ceiled(g, drawWindow(g.random, input.dims[2], input.dims[3], 4), input);
  // MaxPool of integers came with opset 12.
  const dims = [1, input.dims[1], ...extents];
  return moved(g, qdq || g.opset < 12, input, dims, (name) => g.node("MaxPool", [name], attributes));
}

/**
 * At times the window with ceil_mode, where no window begins behind the map: of such ONNX Runtime's shape inference keeps
 * count and its kernel does not.
 */
function ceiled(g: GraphWriter, window: DrawnWindow, { dims }: GraphTensor) {
  if (g.random.real() < 0.7) return window;
  const { kernel, attributes } = window;
  const { strides, pads } = attributes;
  const extents = kernel.map(
    (extent, axis) => Math.ceil((dims[axis + 2] + pads[axis] + pads[axis + 2] - extent) / strides[axis]) + 1,
  );
  if (extents.some((count, axis) => (count - 1) * strides[axis] >= dims[axis + 2] + pads[axis])) return window;
  return { attributes: { ...attributes, ceil_mode: 1 }, extents };
}

export function averagePool(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (input.dims.length !== 4) return undefined;
  const window = drawWindow(g.random, input.dims[2], input.dims[3], 4);
  const attributes = { ...window.attributes, count_include_pad: g.random.integer(0, 1) };
  const dims = [1, input.dims[1], ...window.extents];
  const output = g.nearQuantization(input.quantization.scale);
  if (qdq) return g.quantized(g.node("AveragePool", [g.real(input)], attributes), dims, output);
  const inputs = [...g.operand(input), ...g.scales(output)];
  return g.made(g.node("QLinearAveragePool", inputs, { ...attributes, channels_last: 0 }, microsoft), dims, output);
}

export function globalAveragePool(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (input.dims.length !== 4) return undefined;
  const output = g.nearQuantization(input.quantization.scale);
  const dims = [1, input.dims[1], 1, 1];
  if (!qdq) {
    const inputs = [...g.operand(input), ...g.scales(output)];
    return g.made(g.node("QLinearGlobalAveragePool", inputs, { channels_last: 0 }, microsoft), dims, output);
  }
  if (g.random.real() < 0.7) return g.quantized(g.node("GlobalAveragePool", [g.real(input)]), dims, output);
  const keepdims = g.random.integer(0, 1);
  const real = g.real(input);
  const mean =
    g.opset < 18
      ? g.node("ReduceMean", [real], { axes: [2, 3], keepdims })
      : g.node("ReduceMean", [real, g.integers(-2, -1)], { keepdims });
  return g.quantized(mean, keepdims === 1 ? dims : dims.slice(0, 2), output);
}

/** Resize by 2 or 4, in the forms that exporters write. */
export function resize(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const [, channels, height, width] = input.dims;
  if (input.dims.length !== 4 || height > 12 || width > 12) return undefined;
  const factor = g.random.real() < 0.15 && height * width < 40 ? 4 : 2;
  const dims = [1, channels, factor * height, factor * width];
  const half = { coordinate_transformation_mode: { text: "half_pixel" }, nearest_mode: { text: "round_prefer_floor" } };
  const plain = { coordinate_transformation_mode: { text: "asymmetric" }, nearest_mode: { text: "floor" } };
  const attributes: Record<string, AttributeValue> = {
    mode: { text: "nearest" },
    ...(g.random.real() < 0.5 ? half : plain),
  };
  const empty = () => (g.opset < 13 ? g.constant([0], new Float32Array(0)) : "");
  const bySizes = g.random.real() < 0.4;
  const last = bySizes ? [empty(), g.integers(...dims)] : [g.constant([4], Float32Array.of(1, 1, factor, factor))];
  return moved(g, qdq, input, dims, (name) => g.node("Resize", [name, empty(), ...last], attributes));
}

export function relu(g: GraphWriter, input: GraphTensor): GraphTensor {
  return g.rescaled(g.node("Relu", [g.real(input)]), input.dims, g.nearQuantization(input.quantization.scale));
}

/** Clip of floats, or of the integers themselves (from opset 12 on). */
export function clip(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor {
  const { dtype, scale } = input.quantization;
  if (!qdq && g.opset >= 12) {
    const { lo, hi } = rangeOf(dtype);
    const bounds = [g.random.integer(lo, lo + 100), g.random.integer(hi - 100, hi)];
    const constants = bounds.map((bound) => g.constant([], newActivations(dtype, 1).fill(bound)));
    return g.made(g.node("Clip", [input.name, ...constants]), input.dims, input.quantization);
  }
  const [lo, hi] = [-scale * g.random.integer(0, 50), scale * g.random.integer(20, 120)];
  const bounds = [
    g.random.real() < 0.3 ? "" : g.constant([], Float32Array.of(lo)),
    g.constant([], Float32Array.of(hi)),
  ];
  return g.rescaled(g.node("Clip", [g.real(input), ...bounds]), input.dims, g.nearQuantization(scale));
}

export function requantize(g: GraphWriter, input: GraphTensor): GraphTensor {
  return g.rescaled(g.real(input), input.dims, g.nearQuantization(input.quantization.scale));
}
