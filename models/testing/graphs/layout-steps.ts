import type { GraphTensor, GraphWriter } from "./graph-writer.ts";
import { moved } from "./map-steps.ts";

/** Channel shuffle: Reshape, Transpose, Reshape. */
export function shuffle(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const [, channels, height, width] = input.dims;
  const groups = divisor(g, channels);
  if (input.dims.length !== 4 || groups === undefined) return undefined;
  const split = [1, groups, channels / groups, height, width];
  const parts = reshapedTo(g, input, qdq, split);
  const exchanged = [1, channels / groups, groups, height, width];
  const turned = moved(g, qdq, parts, exchanged, (name) => g.node("Transpose", [name], { perm: [0, 2, 1, 3, 4] }));
  return reshapedTo(g, turned, qdq, input.dims);
}

/** Some number above 1 that divides another, if there is one. */
function divisor({ random }: GraphWriter, value: number): number | undefined {
  const all = Array.from({ length: value }, (_, i) => i + 1).filter((n) => n > 1 && value % n === 0);
  return all.length === 0 ? undefined : all[random.integer(0, all.length - 1)];
}

function reshapedTo(g: GraphWriter, input: GraphTensor, qdq: boolean, dims: readonly number[]): GraphTensor {
  const open = g.random.integer(0, dims.length);
  const shape = g.integers(...dims.map((extent, axis) => (axis === open ? -1 : extent)));
  return moved(g, qdq, input, dims, (name) => g.node("Reshape", [name, shape]));
}

/** Split in two or three along the channels; every part is a tensor of its own. */
export function split(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const channels = input.dims[1];
  const count = g.random.integer(2, 3);
  if (channels < count || mixed(input)) return undefined;
  const even = channels % count === 0 && g.random.real() < 0.5;
  const first = g.random.integer(1, channels - count + 1);
  const sizes = even
    ? new Array<number>(count).fill(channels / count)
    : [first, ...new Array<number>(count - 2).fill(1), channels - first - (count - 2)];
  const listed = even ? {} : g.opset < 13 ? { split: sizes } : {};
  const number: Record<string, number> = even && g.opset >= 18 ? { num_outputs: count } : {};
  const source = qdq ? g.real(input) : input.name;
  const inputs = even || g.opset < 13 ? [source] : [source, g.integers(...sizes)];
  const names = g.nodeOf("Split", inputs, { axis: 1, ...listed, ...number }, { outputs: count });
  const parts = names.map((name, i) => {
    const dims = input.dims.map((extent, axis) => (axis === 1 ? sizes[i] : extent));
    return qdq ? g.quantized(name, dims, input.quantization) : g.made(name, dims, input.quantization);
  });
  g.tensors.push(...parts.slice(1));
  return parts[0];
}

/** Whether channels and pixels are counted together. */
function mixed({ dims, pixels }: GraphTensor): boolean {
  return dims.length === 2 && pixels > 1;
}

export function slice(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (mixed(input)) return undefined;
  const channels = input.dims[1];
  const first = g.random.integer(0, channels - 1);
  const end = g.random.integer(first + 1, channels);
  const step = g.random.integer(1, 2);
  const dims = input.dims.map((extent, axis) => (axis === 1 ? Math.ceil((end - first) / step) : extent));
  const bounds = [g.integers(first), g.integers(end === channels ? 2 ** 31 : end), g.integers(1), g.integers(step)];
  return moved(g, qdq, input, dims, (name) => g.node("Slice", [name, ...bounds]));
}

export function gather(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (mixed(input)) return undefined;
  const channels = input.dims[1];
  const order = Array.from({ length: g.random.integer(1, channels) }, () => g.random.integer(-channels, channels - 1));
  const dims = input.dims.map((extent, axis) => (axis === 1 ? order.length : extent));
  const indices = g.integers(...order);
  return moved(g, qdq, input, dims, (name) => g.node("Gather", [name, indices], { axis: 1 }));
}

/** Padding by the real zero; in opset 18 and later sometimes of named axes. */
export function pad(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  if (input.dims.length !== 4) return undefined;
  const [, channels, height, width] = input.dims;
  const [top, left, bottom, right] = [0, 0, 0, 0].map(() => g.random.integer(0, 2));
  const named = g.opset >= 18 && g.random.real() < 0.5;
  const pads = named ? g.integers(top, left, bottom, right) : g.integers(0, 0, top, left, 0, 0, bottom, right);
  const axes = named ? [g.integers(2, 3)] : [];
  const [, zero] = g.scales(input.quantization);
  const value = qdq ? (named || g.random.real() < 0.5 ? [g.constant([], Float32Array.of(0))] : []) : [zero];
  const dims = [1, channels, height + top + bottom, width + left + right];
  return moved(g, qdq, input, dims, (name) => g.node("Pad", [name, pads, ...value, ...axes]));
}

export function flatten(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const size = input.dims.reduce((product, extent) => product * extent, 1);
  if (input.dims.length === 2) return input;
  if (size > 600) return undefined;
  const axis = g.random.real() < 0.7 ? 1 : 1 - input.dims.length;
  return moved(g, qdq, input, [1, size], (name) => g.node("Flatten", [name], { axis }));
}

/** Reshape to two dimensions, or back from them, or to the same shape. */
export function reshape(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor | undefined {
  const size = input.dims.reduce((product, extent) => product * extent, 1);
  if (size > 600) return undefined;
  return reshapedTo(g, input, qdq, [1, size]);
}

/** Unsqueeze and Squeeze: axes as an attribute before opset 13, then as an input. */
export function squeeze(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor {
  const axis = g.random.integer(0, input.dims.length);
  const wide = [...input.dims.slice(0, axis), 1, ...input.dims.slice(axis)];
  const write = (operator: string) => (name: string) =>
    g.opset < 13 ? g.node(operator, [name], { axes: [axis] }) : g.node(operator, [name, g.integers(axis)]);
  const more = moved(g, qdq, input, wide, write("Unsqueeze"));
  return moved(g, qdq, more, input.dims, write("Squeeze"));
}

export function identity(g: GraphWriter, input: GraphTensor, qdq: boolean): GraphTensor {
  return moved(g, qdq, input, input.dims, (name) =>
    qdq && g.random.real() < 0.5 ? g.node("Dropout", [name]) : g.node("Identity", [name]),
  );
}
