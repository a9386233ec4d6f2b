import { unpadded } from "./layout.ts";
import { shapeOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { productOf, type View } from "./value.ts";
import { applyView } from "./views.ts";

/** Channel numbers kept for all views of a network at most, so that hostile files stay small. */
const maxOrder = 2 ** 22;
const kept = new WeakMap<ImportNode["context"], number>();

/** Split along the channels: sizes from an attribute (before opset 13) or input 1, else equal parts. */
export function readSplit(node: ImportNode): void {
  const sizes = node.listed("split", 1);
  const count = node.outputs.length;
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
      if (end - first > maxOrder) result = tooMany(node);
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

/** Transpose: of extents 1 it is only layout; within the channels' axes it reorders channels (channel shuffle). */
export function readTranspose(node: ImportNode): void {
  const given = node.attributeNames.includes("perm") ? node.listed("perm", -1) : undefined;
  applyView(node, (view) => {
    const whole = unpadded(view);
    if (whole === undefined) return undefined;
    const { dims } = whole;
    const perm = given ?? dims.map((_, axis) => dims.length - 1 - axis);
    if ([...perm].sort((a, b) => a - b).some((axis, i) => axis !== i) || perm.length !== dims.length)
      return node.report(
        "attribute",
        `attribute perm is [${perm}] for the shape [${dims}]`,
        "it must name every axis once",
      );
    const result = perm.map((axis) => dims[axis]);
    const moved = perm.filter((axis) => dims[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1])) return { ...whole, dims: result };
    const prefix = channelAxes(whole);
    if (prefix === undefined || perm.slice(prefix).some((axis, i) => axis !== prefix + i))
      return node.report(
        "attribute",
        `attribute perm is [${perm}] for the shape [${dims}]: it moves pixels`,
        "only channels can be reordered: export the model channels first (NCHW)",
      );
    const channels = dims.slice(0, prefix);
    const order = new Int32Array(productOf(channels));
    if (!keep(node, order.length)) return undefined;
    const before = whole.order;
    order.forEach((_, target) => {
      const source = transposedIndex(target, channels, perm.slice(0, prefix));
      order[target] = before === undefined ? source : before[source];
    });
    return { ...whole, dims: result, order, origin: node };
  });
}

/** The index in a tensor of shape `dims` of element `target` of its transposition. */
function transposedIndex(target: number, dims: readonly number[], perm: readonly number[]): number {
  let rest = target;
  let index = 0;
  for (let i = perm.length - 1; i >= 0; i--) {
    const extent = dims[perm[i]];
    index += (rest % extent) * productOf(dims.slice(perm[i] + 1));
    rest = Math.floor(rest / extent);
  }
  return index;
}

/** How many leading axes hold the channels; undefined where a reshape has mixed channels and pixels. */
function channelAxes(view: View): number | undefined {
  const { channels, height, width } = shapeOf(view);
  for (let axes = view.dims.length; axes >= 0; axes--)
    if (productOf(view.dims.slice(0, axes)) === channels && productOf(view.dims.slice(axes)) === height * width)
      return axes;
  return undefined;
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
  if (!keep(node, outer * indices.length * inner)) return undefined;
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

function keep(node: ImportNode, count: number): boolean {
  const total = (kept.get(node.context) ?? 0) + count;
  kept.set(node.context, total);
  if (total <= maxOrder) return true;
  tooMany(node);
  return false;
}

function tooMany(node: ImportNode): undefined {
  return node.report("too-large", "the graph reorders too many channels", "use fewer channels");
}

function axisOf(node: ImportNode, name: string, standard: number, { dims }: View): number {
  return normal(node.int(name, standard), dims.length);
}

function normal(index: number, extent: number): number {
  return index < 0 ? index + extent : index;
}
