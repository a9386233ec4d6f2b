import type { Padding } from "../../ir/network.ts";
import { realConstant } from "./constants.ts";
import type { ImportNode } from "./node.ts";
import type { View } from "./value.ts";
import { applyView } from "./views.ts";

/** Pad with zeros around the map: folds into what reads it, or becomes a layer of its own. */
export function readPad(node: ImportNode): void {
  const mode = node.text("mode", "constant");
  const pads = node.listed("pads", 1);
  if (mode !== "constant") {
    node.report("attribute", `attribute mode is '${mode}'`, "only constant padding is supported");
    return;
  }
  if (pads === undefined) return;
  const whole = pads.length === 4 && node.inputName(3) !== "" ? spread(node, pads) : pads;
  if (whole === undefined) return;
  if (whole.length !== 8 || [0, 1, 4, 5].some((i) => whole[i] !== 0) || whole.some((pad) => !(pad >= 0))) {
    node.report("attribute", `pads is [${pads}]`, "only height and width are padded, by 0 or more");
    return;
  }
  const padding = { top: whole[2], left: whole[3], bottom: whole[6], right: whole[7] };
  const value = node.value(0);
  if (value === undefined || !paddedWithZero(node, value.kind === "integer" ? value.view : undefined)) return;
  if ((value.kind === "real" || value.kind === "draft") && !(value.clamp.lo <= 0 && value.clamp.hi >= 0)) {
    node.report("attribute", "its input is clipped to bounds without 0", "quantise between the two");
    return;
  }
  node.context.note(node, "array", "folded into the layer that reads it");
  applyView(node, (view) => {
    if (node.map(view) === undefined) return undefined;
    if (whole.every((pad) => pad === 0)) return view;
    return { ...view, padding: sum(view.padding, padding), dims: grown(view.dims, padding), origin: node };
  });
}

/** Pads of the axes that input 3 names, for all four. */
function spread(node: ImportNode, pads: readonly number[]): readonly number[] | undefined {
  const axes = node.integers(3)?.map((axis) => (axis < 0 ? axis + 4 : axis));
  const result = new Array<number>(8).fill(0);
  axes?.forEach((axis, i) => {
    result[axis] = pads[i];
    result[axis + 4] = pads[i + axes.length];
  });
  return axes && result;
}

function grown(dims: readonly number[], { top, left, bottom, right }: Padding): readonly number[] {
  return [dims[0], dims[1], dims[2] + top + bottom, dims[3] + left + right];
}

function sum(a: Padding | undefined, b: Padding): Padding {
  if (a === undefined) return b;
  return { top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom, right: a.right + b.right };
}

/** Whether the padding value is a real zero: the zero point, for integers. */
function paddedWithZero(node: ImportNode, integers: View | undefined): boolean {
  const value =
    node.inputName(2) === ""
      ? node.float("value", 0)
      : integers === undefined
        ? realConstant(node, 2)?.values[0]
        : node.byte(2);
  if (value === undefined) return false;
  const zero = integers?.tensor.quantization.zeroPoint ?? 0;
  if (value === zero) return true;
  node.report("attribute", `it pads with ${value}`, `only the zero, here ${zero}, is supported`);
  return false;
}
