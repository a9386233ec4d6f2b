import { rangeOf } from "../../arithmetic/index.ts";
import type { Quantization } from "../../ir/network.ts";
import type { GraphInput } from "../graph-input.ts";
import { ElementType } from "../proto.ts";
import { dequantizedConstant, foldQuantize } from "./constants.ts";
import { hostAfter } from "./host.ts";
import { inputView } from "./input.ts";
import { clampBounds, emitClamp, materialize, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { unclamped, type Value, type View } from "./value.ts";

/** QuantizeLinear: quantises the graph's input, gives an operator's result its scale, changes a scale, folds a constant. */
export function readQuantizeLinear(node: ImportNode, input: GraphInput): void {
  const { context } = node;
  const constant = context.constants.get(node.inputName(0));
  if (constant !== undefined) {
    foldQuantize(node);
    return;
  }
  const value = node.value(0);
  const quantization = node.quantization(1, 2, node.int("output_dtype", 2) === ElementType.int8 ? "int8" : "uint8");
  if (value === undefined || quantization === undefined) return;
  if (value.kind === "input") {
    context.note(node, "host", "quantises the input");
    if (context.input === undefined) {
      const tensor = { name: node.output, shape: input.shape, quantization };
      context.defineInput(tensor);
      define(node, inputView(tensor, value.channelsLast, node));
    } else node.report("inputs", "the input is quantised twice", "quantise it once, for all that read it");
    return;
  }
  if (hostAfter(node, value)) return;
  if (value.kind === "draft") {
    context.note(node, "drain", `requantisation of ${value.draft.node.label}`);
    define(node, finishDraft(node, value, quantization));
  } else if (value.kind === "real") {
    context.note(node, "layout", "same scale: no work");
    define(node, requantized(node, value, quantization));
  } else node.report("type", `input '${node.inputName(0)}' is not an activation of floats`);
}

/** DequantizeLinear of an activation, or of a constant. */
export function readDequantizeLinear(node: ImportNode): void {
  const { context } = node;
  if (context.constants.has(node.inputName(0))) {
    const constant = dequantizedConstant(node);
    context.note(node, "host", "a constant, folded at import");
    if (constant !== undefined) context.define(node.output, { kind: "constant", constant });
    return;
  }
  const value = context.value(node.inputName(0));
  if (value !== undefined && hostAfter(node, value)) return;
  const view = node.integer(0);
  const quantization = node.quantization(1, 2, view?.tensor.quantization.dtype);
  if (view === undefined || quantization === undefined || !node.agrees(view, quantization)) return;
  context.note(node, "layout", "no work");
  context.define(node.output, { kind: "real", view, clamp: unclamped });
}

function define(node: ImportNode, view: View | undefined): void {
  if (view !== undefined) node.context.define(node.output, { kind: "integer", view });
}

/** Gives an operator's result its quantisation: now its layer can be made, and what followed it. */
function finishDraft(
  node: ImportNode,
  { draft, clamp, after }: Extract<Value, { readonly kind: "draft" }>,
  quantization: Quantization,
): View | undefined {
  const { context } = node;
  const bounds = clampBounds(clamp, quantization);
  const last = bounds === undefined && after.length === 0;
  const output = context.freeTensorName(last ? node.output : draft.node.output);
  const layer = draft.layer(context.freeLayerName(draft.node.name), output, draft.linear);
  let tensor = layer && context.emit(draft.node, layer, quantization);
  if (tensor !== undefined && bounds !== undefined) {
    const name = after.length === 0 ? node.output : (clamp.node ?? node).output;
    tensor = emitClamp(clamp.node ?? node, tensor, quantization, bounds, name);
  }
  let view = tensor && viewOf(tensor, draft.dims, draft.node, draft.channelsLast);
  for (const operator of after) view = view && operator(view);
  return view;
}

/** A dequantised view in another quantisation; the same view where nothing changes. */
function requantized(
  node: ImportNode,
  { view, clamp }: Extract<Value, { readonly kind: "real" }>,
  quantization: Quantization,
): View | undefined {
  const made = view.tensor.quantization;
  const same = made.dtype === quantization.dtype && made.zeroPoint === quantization.zeroPoint;
  const bounds = clampBounds(clamp, quantization);
  if (same && made.scale === quantization.scale && bounds === undefined) return view;
  const tensor = materialize(view);
  if (tensor === undefined) return undefined;
  const result = emitClamp(node, tensor, quantization, bounds ?? rangeOf(quantization.dtype));
  return result && viewOf(result, view.dims, node, view.channelsLast);
}
