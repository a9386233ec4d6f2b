import { toNumber } from "../constant.ts";
import type { Tensor } from "../proto.ts";
import { inferredDims, materialize, shapeOf, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { productOf, type View } from "./value.ts";
import { applyView } from "./views.ts";

/** Dimensions of a tensor at most. */
export const maxRank = 16;

/** Identity and Dropout (which does nothing in inference): another name. */
export function readIdentity(node: ImportNode): void {
  const { context } = node;
  const constant = context.constants.get(node.inputName(0));
  if (constant !== undefined) {
    context.defineConstant(node.output, constant);
    return;
  }
  const value = node.value(0);
  if (value !== undefined) context.define(node.output, value);
}

/** Reshape: to the integers of input 1; 0 keeps an extent, -1 is what is left. */
export function readReshape(node: ImportNode): void {
  const wanted = node.integers(1);
  if (wanted === undefined) return;
  const keep = node.int("allowzero", 0) === 0;
  reshape(node, (dims) => wanted.map((extent, axis) => (extent === 0 && keep ? (dims[axis] ?? 0) : extent)));
}

/** Flatten to two dimensions at an axis. */
export function readFlatten(node: ImportNode): void {
  const axis = node.int("axis", 1);
  if (axis !== 1 && axis > -1) {
    node.report("attribute", `attribute axis is ${axis}`, "only axis 1, after the batch, is supported");
    return;
  }
  reshape(node, (dims) => {
    const first = axis < 0 ? axis + dims.length : axis;
    return [productOf(dims.slice(0, first)), productOf(dims.slice(first))];
  });
}

/** Squeeze: leaves out axes of extent 1 (an attribute before opset 13, then input 1; all such axes without either). */
export function readSqueeze(node: ImportNode): void {
  const given = node.listed("axes", 1);
  reshape(node, (dims) => {
    const axes = given?.map((axis) => (axis < 0 ? axis + dims.length : axis));
    return dims.filter((extent, axis) => (axes === undefined ? extent !== 1 : !axes.includes(axis)));
  });
}

/** Unsqueeze: adds axes of extent 1. */
export function readUnsqueeze(node: ImportNode): void {
  const given = node.listed("axes", 1);
  if (given === undefined) {
    node.report("missing-input", "attribute axes is left out");
    return;
  }
  reshape(node, (dims) => {
    const rank = dims.length + given.length;
    const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
    const result = [...dims];
    for (const axis of axes.sort((a, b) => a - b)) result.splice(axis, 0, 1);
    return result;
  });
}

/** Gives input 0 another shape with the same elements. */
function reshape(node: ImportNode, shape: (dims: readonly number[]) => readonly number[]): void {
  const constant = node.context.constants.get(node.inputName(0));
  if (constant !== undefined) {
    reshapeConstant(node, constant, shape);
    return;
  }
  const to = (view: View): View | undefined => {
    const whole = unpadded(view);
    if (whole === undefined) return undefined;
    const wanted = shape(whole.dims);
    if (whole.channelsLast) return flattened(node, whole, wanted);
    if (wanted.length > maxRank)
      return node.report("shape", `its result has ${wanted.length} dimensions`, `${maxRank} are supported`);
    const dims = inferredDims(wanted, productOf(whole.dims));
    if (dims !== undefined) return { ...whole, dims };
    return node.report(
      "shape",
      `its shape [${wanted}] does not fit the ${productOf(whole.dims)} values of [${whole.dims}]`,
      "export the model with a fixed batch of 1",
    );
  };
  applyView(node, to);
}

/** A map with its channels last in another shape: any where it is a single pixel or channel, else only flat. */
function flattened(node: ImportNode, view: View, wanted: readonly number[]): View | undefined {
  const { channels, height, width } = shapeOf(view);
  const dims = wanted.length > maxRank ? undefined : inferredDims(wanted, channels * height * width);
  if (dims !== undefined && (channels === 1 || height * width === 1)) return { ...view, dims, channelsLast: false };
  if (dims !== undefined && dims.length === 2 && dims[0] === 1) return { ...view, dims };
  return node.report(
    "layout",
    `it reshapes [${view.dims}], whose channels come last, to [${wanted}]`,
    "only flattening it to [1, values] is supported",
  );
}

function reshapeConstant(
  node: ImportNode,
  tensor: Tensor,
  shape: (dims: readonly number[]) => readonly number[],
): void {
  const before = (tensor.dims ?? []).map(toNumber);
  const dims = inferredDims(shape(before), productOf(before));
  if (dims === undefined) node.report("shape", `a constant of shape [${before}] does not become [${shape(before)}]`);
  else node.context.defineConstant(node.output, { ...tensor, name: node.output, dims: [...dims] });
}

/** A view without padding: where it has some, a layer pads. */
export function unpadded(view: View): View | undefined {
  if (view.padding === undefined) return view;
  const tensor = materialize(view);
  return tensor && viewOf(tensor, view.dims, view.origin, view.channelsLast);
}
