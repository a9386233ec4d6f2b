import type { FeatureShape, TensorInfo } from "../../ir/network.ts";
import { type ConvGeometry, convOutputShape } from "../../ir/shape.ts";
import { readWindow } from "../geometry.ts";
import { mapDims, materialize, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { draftOf, type View } from "./value.ts";
import { applyView } from "./views.ts";

/** MaxPool of integers or dequantised values: the quantisation stays. */
export function readMaxPool(node: ImportNode): void {
  if (node.outputs.length > 1 && node.outputs[1] !== "") {
    node.report("outputs", "its second output, the indices, is wanted", "only the maxima are computed");
    return;
  }
  applyView(node, (view) => {
    const tensor = node.map(view) && materialize(view);
    const geometry = tensor && poolGeometry(node, tensor.shape);
    if (tensor === undefined || geometry === undefined) return undefined;
    const names = { name: node.context.freeLayerName(node.name), output: node.context.freeTensorName(node.output) };
    const layer = { kind: "maxPool", ...names, input: tensor.name, ...geometry } as const;
    const result = node.context.emit(node, layer, tensor.quantization);
    return result && viewOf(result, mapDims(result.shape), node);
  });
}

/** AveragePool of dequantised values. */
export function readAveragePool(node: ImportNode): void {
  const input = node.realTensor(0);
  if (input === undefined) return;
  const base = averageBase(node, input.tensor, input.view);
  if (base === undefined) return;
  const { channels } = input.tensor.shape;
  draft(node, mapDims(convOutputShape(base, channels, input.tensor.shape)), (names) => ({ ...base, ...names }));
}

/** QLinearAveragePool: inputs x, scale, zero point; scale and zero point of y. */
export function readQLinearAveragePool(node: ImportNode): void {
  const input = node.quantizedTensor(0);
  const quantization = node.quantization(3, 4, input?.tensor.quantization.dtype);
  if (input === undefined || quantization === undefined || !channelsFirst(node)) return;
  const base = averageBase(node, input.tensor, input.view);
  const { name, output, context } = node;
  const tensor = base && context.emit(node, { ...base, name, output }, quantization);
  if (tensor !== undefined)
    context.define(output, { kind: "integer", view: viewOf(tensor, mapDims(tensor.shape), node) });
}

/** GlobalAveragePool of dequantised values, and ReduceMean over height and width. */
export function readGlobalAveragePool(node: ImportNode): void {
  const input = node.realTensor(0);
  const { tensor } = input ?? {};
  const mean = node.operator === "ReduceMean";
  const last = mean && input?.view.channelsLast === true && input.view.dims.length === 4;
  if (tensor === undefined || (!last && node.map(input?.view) === undefined)) return;
  const dims = mean ? meanDims(node, tensor.shape, last) : [1, tensor.shape.channels, 1, 1];
  if (dims !== undefined) draft(node, dims, (names) => ({ kind: "globalAveragePool", ...names, input: tensor.name }));
}

/** QLinearGlobalAveragePool: inputs x, scale, zero point; scale and zero point of y. */
export function readQLinearGlobalAveragePool(node: ImportNode): void {
  const input = node.quantizedTensor(0);
  const quantization = node.quantization(3, 4, input?.tensor.quantization.dtype);
  if (input === undefined || quantization === undefined || !channelsFirst(node)) return;
  if (node.map(input.view) === undefined) return;
  const { name, output, context } = node;
  const layer = { kind: "globalAveragePool", name, input: input.tensor.name, output } as const;
  const tensor = context.emit(node, layer, quantization);
  if (tensor !== undefined)
    context.define(output, { kind: "integer", view: viewOf(tensor, mapDims(tensor.shape), node) });
}

type Names = { readonly name: string; readonly output: string };

function draft(
  node: ImportNode,
  dims: readonly number[],
  make: (names: Names) => Parameters<ImportNode["context"]["emit"]>[1],
): void {
  const layer = (name: string, output: string) => make({ name, output });
  node.context.define(node.output, draftOf({ node, dims, linear: undefined, layer }));
}

function averageBase(node: ImportNode, tensor: TensorInfo, view: View) {
  if (node.map(view) === undefined) return undefined;
  const countIncludePad = node.int("count_include_pad", 0) !== 0;
  const geometry = poolGeometry(node, tensor.shape, countIncludePad);
  return geometry && ({ kind: "averagePool", input: tensor.name, ...geometry, countIncludePad } as const);
}

function channelsFirst(node: ImportNode): boolean {
  if (node.int("channels_last", 0) === 0) return true;
  node.report("attribute", "attribute channels_last is not 0", "export the model channels first (NCHW)");
  return false;
}

function meanDims(node: ImportNode, { channels }: FeatureShape, last: boolean): readonly number[] | undefined {
  const axes = node.listed("axes", 1) ?? [];
  const sorted = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  const wanted = last ? [1, 2] : [2, 3];
  if (sorted.join() !== wanted.join())
    return node.report(
      "attribute",
      `attribute axes is [${axes}]`,
      `only means over height and width [${wanted}] are taken`,
    );
  if (node.int("keepdims", 1) === 0) return [1, channels];
  return last ? [1, 1, 1, channels] : [1, channels, 1, 1];
}

/** The window; with ceil_mode the padding at the end grows until floor gives the same extents. */
function poolGeometry(node: ImportNode, input: FeatureShape, countIncludePad = false): ConvGeometry | undefined {
  const kernel = node.ints("kernel_shape", [0, 0]);
  const window = kernel && readWindow(node, kernel, input);
  if (window === undefined || node.int("ceil_mode", 0) === 0) return window;
  const { stride, padding } = window;
  const [bottom, right] = [
    ceilPadding(input.height, window.kernel.height, stride.y, padding.top, padding.bottom),
    ceilPadding(input.width, window.kernel.width, stride.x, padding.left, padding.right),
  ];
  if (countIncludePad && (bottom !== padding.bottom || right !== padding.right))
    return node.report(
      "attribute",
      "attributes ceil_mode and count_include_pad are both 1",
      "set one of them to 0: windows beyond the padding have other divisors",
    );
  return { ...window, padding: { ...padding, bottom, right } };
}

function ceilPadding(extent: number, kernel: number, stride: number, before: number, after: number): number {
  let last = Math.ceil((extent + before + after - kernel) / stride);
  if (last * stride >= extent + before) last--;
  return Math.max(after, last * stride + kernel - extent - before);
}
