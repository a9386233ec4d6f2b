import { realConstant } from "./constants.ts";
import { foldAffine } from "./linear.ts";
import { viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { draftOf, isOpen, type Value, type View } from "./value.ts";

/** Add of two dequantised tensors, or of a constant per channel to a convolution's result that is not yet quantised. */
export function readAdd(node: ImportNode): void {
  const values = [0, 1].map((index) => node.context.value(node.inputName(index)));
  const draft = values.findIndex((value) => value?.kind === "draft");
  if (draft >= 0 && isConstant(node, 1 - draft)) {
    foldBias(node, draft, values[draft]);
    return;
  }
  const a = node.realTensor(0);
  const b = node.realTensor(1);
  if (a === undefined || b === undefined || !sameDims(node, a.view, b.view)) return;
  node.context.define(
    node.output,
    draftOf({
      node,
      dims: a.view.dims,
      channelsLast: a.view.channelsLast,
      linear: undefined,
      layer: (name, output) => ({ kind: "add", name, inputs: [a.tensor.name, b.tensor.name], output }),
    }),
  );
}

/** QLinearAdd: inputs a, scale, zero point; b, scale, zero point; scale and zero point of the sum. */
export function readQLinearAdd(node: ImportNode): void {
  const a = node.quantizedTensor(0);
  const b = node.quantizedTensor(3);
  const quantization = node.quantization(6, 7, a?.tensor.quantization.dtype);
  if (a === undefined || b === undefined || quantization === undefined || !sameDims(node, a.view, b.view)) return;
  const { name, output, context } = node;
  const inputs = [a.tensor.name, b.tensor.name] as const;
  const tensor = context.emit(node, { kind: "add", name, inputs, output }, quantization);
  if (tensor !== undefined)
    context.define(output, { kind: "integer", view: viewOf(tensor, a.view.dims, node, a.view.channelsLast) });
}

function isConstant(node: ImportNode, index: number): boolean {
  const name = node.inputName(index);
  return node.context.constants.has(name) || node.context.value(name)?.kind === "constant";
}

/** Reports operands that would have to be broadcast. */
function sameDims(node: ImportNode, a: View, b: View): boolean {
  if (a.channelsLast !== b.channelsLast) {
    node.report("layout", "one operand has its channels last", "export the model channels first (NCHW)");
    return false;
  }
  if (a.dims.length === b.dims.length && a.dims.every((extent, axis) => extent === b.dims[axis])) return true;
  node.report("shape", `operands of shapes [${a.dims}] and [${b.dims}]`, "operands are not broadcast: expand one");
  return false;
}

/** A constant added to each channel of a result that is still to be quantised. */
function foldBias(node: ImportNode, index: number, value: Value | undefined): void {
  const constant = realConstant(node, 1 - index);
  if (value?.kind !== "draft" || constant === undefined) return;
  const { linear, dims } = value.draft;
  const channels = linear?.scales.length ?? 0;
  const extents = constant.dims.filter((extent) => extent !== 1);
  const axis = constant.dims.length - constant.dims.findIndex((extent) => extent !== 1);
  const perChannel =
    extents.length === 0 || (extents.length === 1 && extents[0] === channels && axis === dims.length - 1);
  if (linear === undefined || !perChannel || !isOpen(value)) {
    const message = `the constant of shape [${constant.dims}] is not a bias per channel of [${dims}]`;
    node.report("fold", message, "quantise both operands, or fold the constant");
    return;
  }
  const ones = new Float64Array(channels).fill(1);
  const offsets = ones.map((_, c) => constant.values[extents.length === 0 ? 0 : c]);
  node.context.note(node, "drain", `bias of ${value.draft.node.label}`);
  const folded = foldAffine(node, linear, ones, offsets);
  if (folded !== undefined) node.context.define(node.output, { ...value, draft: { ...value.draft, linear: folded } });
}
