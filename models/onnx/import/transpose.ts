import { channelAxes, keepOrder } from "./channel-axes.ts";
import { unpadded } from "./layout.ts";
import { shapeOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { transposeConstant } from "./transpose-constant.ts";
import { productOf, type View } from "./value.ts";
import { applyView } from "./views.ts";

/** Transpose: of extents 1 it is only layout; within the channels' axes it reorders channels (channel shuffle). */
export function readTranspose(node: ImportNode): void {
  const given = node.attributeNames.includes("perm") ? node.listed("perm", -1) : undefined;
  const value = node.context.value(node.inputName(0));
  if (value?.kind === "constant" || node.context.constants.has(node.inputName(0))) {
    transposeConstant(node, given);
    return;
  }
  if (value?.kind === "input" && value.channelsLast) {
    node.context.note(node, "layout", "the input is given channels first");
    node.context.define(node.output, { kind: "input", channelsLast: false });
    return;
  }
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
    if (whole.channelsLast) return channelsFirst(node, whole, perm, result);
    const moved = perm.filter((axis) => dims[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1])) return { ...whole, dims: result };
    if (perm.join() === "0,2,3,1" && isMap(whole)) return { ...whole, dims: result, channelsLast: true };
    const prefix = channelAxes(whole);
    if (prefix === undefined || perm.slice(prefix).some((axis, i) => axis !== prefix + i))
      return node.report(
        "attribute",
        `attribute perm is [${perm}] for the shape [${dims}]: it moves pixels`,
        "only channels can be reordered: export the model channels first (NCHW)",
      );
    const channels = dims.slice(0, prefix);
    const order = new Int32Array(productOf(channels));
    if (!keepOrder(node, order.length)) return undefined;
    const before = whole.order;
    order.forEach((_, target) => {
      const source = transposedIndex(target, channels, perm.slice(0, prefix));
      order[target] = before === undefined ? source : before[source];
    });
    return { ...whole, dims: result, order, origin: node };
  });
}

/** Whether a view has the four dimensions of its map. */
function isMap(view: View): boolean {
  const { channels, height, width } = shapeOf(view);
  return view.dims.join() === [1, channels, height, width].join();
}

/** The one transposition of channels that come last: to the front again. */
function channelsFirst(
  node: ImportNode,
  view: View,
  perm: readonly number[],
  dims: readonly number[],
): View | undefined {
  if (perm.join() === "0,3,1,2") return { ...view, dims, channelsLast: false };
  if (perm.every((from, axis) => from === axis)) return view;
  return node.report(
    "attribute",
    `attribute perm is [${perm}] for the shape [${view.dims}], whose channels come last`,
    "only [0, 3, 1, 2], which brings them to the front, is supported",
  );
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
