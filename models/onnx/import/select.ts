import { channelAxes, keepOrder } from "./channel-axes.ts";
import { maxRank, unpadded } from "./layout.ts";
import type { ImportNode } from "./node.ts";
import { productOf, type View } from "./value.ts";
import { applyView } from "./views.ts";

/** Parts of a split and bounds of a slice at most. */
const maxParts = 1024;

/** Split along the channels: sizes from an attribute (before opset 13) or input 1, else equal parts. */
export function readSplit(node: ImportNode): void {
  const sizes = node.listed("split", 1);
  const count = node.outputs.length;
  if (count > maxParts) {
    node.report("too-large", `it has ${count} parts, more than ${maxParts}`, "split in steps");
    return;
  }
  node.outputs.forEach((output, part) => {
    const select = (view: View): View | undefined => {
      const axis = axisOf(node, "axis", 0, view);
      const extent = view.dims[axis] ?? 0;
      const each = Math.ceil(extent / count);
      const parts = sizes ?? Array.from({ length: count }, (_, i) => Math.min(each, extent - i * each));
      if (parts.length !== count || parts.some((size) => size < 1) || parts.reduce((a, b) => a + b, 0) !== extent)
        return node.report(
          "attribute",
          `parts [${parts}] do not make up the ${extent} of axis ${axis}`,
          "split it evenly",
        );
      if (!keepOrder(node, parts[part])) return undefined;
      const first = parts.slice(0, part).reduce((a, b) => a + b, 0);
      return chosen(
        node,
        view,
        axis,
        Array.from({ length: parts[part] }, (_, i) => first + i),
      );
    };
    applyView(
      node,
      (view) => {
        const result = select(view);
        return result && { ...result, origin: node.part(output) };
      },
      output,
    );
  });
}

/** Slice along the channels: inputs x, starts, ends, axes, steps. */
export function readSlice(node: ImportNode): void {
  const starts = node.integers(1);
  const ends = node.integers(2);
  const axes = node.inputName(3) === "" ? undefined : node.integers(3);
  const steps = node.inputName(4) === "" ? undefined : node.integers(4);
  if (starts === undefined || ends === undefined) return;
  if (starts.length > maxRank) {
    node.report("attribute", `it slices ${starts.length} axes`, "slice the channels alone");
    return;
  }
  applyView(node, (view) => {
    let result: View | undefined = view;
    starts.forEach((start, i) => {
      if (result === undefined) return;
      const axis = normal(axes?.[i] ?? i, view.dims.length);
      const extent = view.dims[axis] ?? 0;
      const step = steps?.[i] ?? 1;
      if (step < 1) {
        result = node.report("attribute", `steps is ${step}`, "only forward steps are supported");
        return;
      }
      const first = Math.max(0, Math.min(extent, normal(start, extent)));
      const end = Math.max(0, Math.min(extent, normal(ends[i] ?? 0, extent)));
      const indices = [];
      if (!keepOrder(node, Math.max(0, end - first))) result = undefined;
      else for (let k = first; k < end; k += step) indices.push(k);
      result = result && chosen(node, result, axis, indices);
    });
    return result;
  });
}

/** Gather of constant channel numbers. */
export function readGather(node: ImportNode): void {
  const tensor = node.constant(1);
  const indices = node.integers(1);
  if (tensor === undefined || indices === undefined) return;
  applyView(node, (view) => {
    const axis = axisOf(node, "axis", 0, view);
    const extent = view.dims[axis] ?? 0;
    const result = chosen(
      node,
      view,
      axis,
      indices.map((index) => normal(index, extent)),
    );
    if (result === undefined || (tensor.dims ?? []).length > 0) return result;
    return { ...result, dims: result.dims.filter((_, other) => other !== axis) };
  });
}

/** Some elements of one of the channels' axes. */
function chosen(node: ImportNode, given: View, axis: number, indices: readonly number[]): View | undefined {
  const view = unpadded(given);
  if (view === undefined) return undefined;
  const extent = view.dims[axis];
  const all = indices.length === extent && indices.every((index, i) => index === i);
  if (all) return view;
  const prefix = channelAxes(view);
  if (prefix === undefined || axis >= prefix)
    return node.report(
      "attribute",
      `axis ${axis} of [${view.dims}] does not count channels`,
      "only channels are chosen",
    );
  const stray = indices.find((index) => index < 0 || index >= extent);
  if (stray !== undefined || indices.length === 0)
    return node.report("attribute", `it takes ${stray ?? "none"} of ${extent} channels`, "choose channels that exist");
  const inner = productOf(view.dims.slice(axis + 1, prefix));
  const outer = productOf(view.dims.slice(0, axis));
  if (!keepOrder(node, outer * indices.length * inner)) return undefined;
  const order = new Int32Array(outer * indices.length * inner);
  let i = 0;
  for (let o = 0; o < outer; o++)
    for (const index of indices)
      for (let k = 0; k < inner; k++) {
        const channel = (o * extent + index) * inner + k;
        order[i++] = view.order === undefined ? channel : view.order[channel];
      }
  return { ...view, order, dims: view.dims.map((one, a) => (a === axis ? indices.length : one)), origin: node };
}

function axisOf(node: ImportNode, name: string, standard: number, { dims }: View): number {
  return normal(node.int(name, standard), dims.length);
}

function normal(index: number, extent: number): number {
  return index < 0 ? index + extent : index;
}
