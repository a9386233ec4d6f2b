import { channelAxes, keepOrder } from "./channel-axes.ts";
import { unpadded } from "./layout.ts";
import type { ImportNode } from "./node.ts";
import { productOf } from "./value.ts";
import { applyView } from "./views.ts";

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
    if (!keepOrder(node, order.length)) return undefined;
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
