import { viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { draftOf, type View } from "./value.ts";

/** Concat of dequantised tensors along the channels. */
export function readConcat(node: ImportNode): void {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.realTensor(index));
  const read = inputs.flatMap((input) => input ?? []);
  const joined =
    read.length === inputs.length
      ? concatDims(
          node,
          read.map(({ view }) => view),
        )
      : undefined;
  if (joined === undefined) return;
  const names = read.map(({ tensor }) => tensor.name);
  node.context.define(
    node.output,
    draftOf({
      node,
      ...joined,
      linear: undefined,
      layer: (name, output) => ({ kind: "concat", name, inputs: names, output }),
    }),
  );
}

/** QLinearConcat: inputs scale and zero point of the result; then each tensor, its scale and zero point. */
export function readQLinearConcat(node: ImportNode): void {
  const { context, name, output } = node;
  const count = Math.floor((node.inputCount - 2) / 3);
  const inputs = Array.from({ length: count }, (_, index) => node.quantizedTensor(2 + 3 * index));
  const read = inputs.flatMap((input) => input ?? []);
  const quantization = node.quantization(0, 1);
  if (read.length !== inputs.length || quantization === undefined) return;
  const joined = concatDims(
    node,
    read.map(({ view }) => view),
  );
  if (joined === undefined) return;
  const names = read.map(({ tensor }) => tensor.name);
  const tensor = context.emit(node, { kind: "concat", name, inputs: names, output }, quantization);
  if (tensor === undefined) return;
  const view = viewOf(tensor, joined.dims, node, joined.channelsLast);
  context.define(output, { kind: "integer", view });
}

function concatDims(
  node: ImportNode,
  views: readonly View[],
): { readonly dims: readonly number[]; readonly channelsLast: boolean } | undefined {
  const [first] = views;
  if (first === undefined) return node.report("inputs", "it has no input");
  const rank = first.dims.length;
  const last = first.channelsLast && rank === 4;
  const channelAxis = last ? rank - 1 : 1;
  const axis = node.int("axis", 1);
  if (views.some(({ channelsLast }) => channelsLast !== last))
    return node.report(
      "layout",
      "its inputs have their channels at different places",
      "export the model channels first (NCHW)",
    );
  if (axis !== channelAxis && axis !== channelAxis - rank)
    return node.report(
      "attribute",
      `attribute axis is ${axis}`,
      `only channels (axis ${channelAxis}) are concatenated`,
    );
  const alike = views.every(
    ({ dims }) => dims.length === rank && dims.every((e, a) => a === channelAxis || e === first.dims[a]),
  );
  if (!alike || first.dims[0] !== 1 || (rank !== 2 && rank !== 4))
    return node.report(
      "shape",
      `inputs have shapes ${views.map(({ dims }) => `[${dims}]`).join(", ")}`,
      "maps that are concatenated have one height and width",
    );
  const channels = views.reduce((sum, { dims }) => sum + dims[channelAxis], 0);
  const dims = first.dims.map((extent, index) => (index === channelAxis ? channels : extent));
  return { dims, channelsLast: last };
}
