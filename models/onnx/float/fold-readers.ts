import { type FloatParameters, type GraphNode, nodeInputs } from "../../graph/index.ts";
import type { FeatureShape, Padding } from "../../ir/network.ts";
import { elementCount } from "../../ir/shape.ts";
import type { Draft } from "./lift.ts";

/**
 * Folds factors, offsets and padding into the nodes that read them. Where all readers take one, nothing reads it any more.
 *
 * @returns the nodes, changed
 */
export function foldIntoReaders(
  drafts: readonly Draft[],
  outputs: readonly string[],
  shapeOf: (name: string) => FeatureShape,
): readonly Draft[] {
  const readersOf = new Map<string, Draft[]>();
  for (const draft of drafts)
    for (const name of new Set(nodeInputs(draft.node))) readersOf.set(name, [...(readersOf.get(name) ?? []), draft]);
  for (const draft of drafts) {
    const { node } = draft;
    if (node.kind !== "conv" || node.relu) continue;
    // A factor may have taken padding in by now: it stays.
    if (!draft.pads && !(draft.elementwise && isNone(node.padding))) continue;
    // Only what comes later can change who reads it.
    const readers = readersOf.get(node.name) ?? [];
    const changed = readers.map((reader) => (draft.pads ? padded(reader, draft) : scaled(reader, draft, shapeOf)));
    // Half a fold would do its work twice.
    if (outputs.includes(node.name) || changed.includes(undefined)) continue;
    changed.forEach((change, i) => {
      if (change !== undefined) Object.assign(readers[i], change);
    });
  }
  return drafts;
}

type Change = Pick<Draft, "node" | "parameters">;

/** A convolution over a padded map pads more itself; a mean over one counts its padding. */
function padded(reader: Draft, pad: Draft): Change | undefined {
  const [input] = nodeInputs(pad.node);
  const padding = "padding" in pad.node ? pad.node.padding : none;
  const target = reader.node;
  if (target.kind === "conv") return { ...reader, node: { ...target, input, padding: sum(target.padding, padding) } };
  if (target.kind !== "averagePool" || !isNone(target.padding)) return undefined;
  const { height, width } = target.kernel;
  if (Math.max(padding.top, padding.bottom) >= height || Math.max(padding.left, padding.right) >= width)
    return undefined;
  return { ...reader, node: { ...target, input, padding, countIncludePad: true } };
}

/** A convolution or fully connected layer takes the factors into its weights and the offsets into its bias. */
function scaled(
  { node, parameters, pads }: Draft,
  elementwise: Draft,
  shapeOf: (name: string) => FeatureShape,
): Change | undefined {
  const [input] = nodeInputs(elementwise.node);
  const terms = elementwise.parameters;
  if (parameters === undefined || terms === undefined || pads) return undefined;
  if (node.kind !== "conv" && node.kind !== "gemm") return undefined;
  // What lies outside the map is 0 after the offset too.
  const offsets = terms.bias.some((offset) => offset !== 0);
  if (node.kind === "conv" && offsets && !isNone(node.padding)) return undefined;
  const shape = shapeOf(input);
  const channelOf = inputChannels(node, shape, parameters);
  const { weights, bias } = parameters;
  const depth = weights.length / bias.length;
  const shifts = new Float64Array(bias);
  weights.forEach((weight, i) => {
    shifts[Math.floor(i / depth)] += weight * terms.bias[channelOf(i)];
  });
  return {
    node: { ...node, input },
    parameters: {
      weights: weights.map((weight, i) => weight * terms.weights[channelOf(i)]),
      bias: Float32Array.from(shifts),
    },
  };
}

/** Which input channel each weight multiplies. */
function inputChannels(
  node: Extract<GraphNode, { readonly kind: "conv" | "gemm" }>,
  shape: FeatureShape,
  { weights, bias }: FloatParameters,
): (index: number) => number {
  const depth = weights.length / bias.length;
  if (node.kind === "gemm") {
    const area = elementCount(shape) / shape.channels;
    return (index) => Math.floor((index % depth) / area);
  }
  const taps = node.kernel.height * node.kernel.width;
  const perGroup = shape.channels / node.groups;
  const outputsPerGroup = bias.length / node.groups;
  return (index) => {
    const group = Math.floor(Math.floor(index / depth) / outputsPerGroup);
    return group * perGroup + Math.floor((index % depth) / taps);
  };
}

const none: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

function isNone(padding: Padding): boolean {
  return Object.values(padding).every((side) => side === 0);
}

function sum(a: Padding, b: Padding): Padding {
  return { top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom, right: a.right + b.right };
}
