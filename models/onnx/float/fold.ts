import type { ConvNode, GraphNode } from "../../graph/index.ts";
import { nodeInputs } from "../../graph/index.ts";
import type { FeatureShape } from "../../ir/network.ts";
import { foldIntoReaders } from "./fold-readers.ts";
import type { Draft } from "./lift.ts";

/**
 * Folds batch normalisations, constant factors and offsets, and ReLUs into the convolutions, fully connected layers and
 * additions that they follow; what is left of them, and padding, into the convolutions that read them, where that
 * changes no result. Then leaves out nodes that no output needs.
 *
 * @param outputs names of the tensors that must stay
 * @param shapeOf extents of a tensor
 * @returns the nodes that are left, and the names that the outputs have now
 */
export function foldNodes(
  drafts: readonly Draft[],
  outputs: readonly string[],
  shapeOf: (name: string) => FeatureShape,
): { readonly drafts: readonly Draft[]; readonly outputs: readonly string[] } {
  const folded = foldIntoMakers(drafts, outputs);
  const unread = foldIntoReaders(folded.drafts, folded.outputs, shapeOf);
  return { drafts: needed(unread, folded.outputs), outputs: folded.outputs };
}

function foldIntoMakers(drafts: readonly Draft[], outputs: readonly string[]) {
  const readers = new Map<string, number>();
  for (const name of [...drafts.flatMap(({ node }) => nodeInputs(node)), ...outputs])
    readers.set(name, (readers.get(name) ?? 0) + 1);
  const names = new Map<string, string>();
  const now = (name: string): string => names.get(name) ?? name;
  const kept = new Map<string, Draft>();
  for (const draft of drafts) {
    const { node } = draft;
    const [input] = nodeInputs(node);
    const maker = kept.get(now(input));
    if (draft.elementwise && readers.get(input) === 1 && maker !== undefined && absorbs(maker, draft))
      names.set(node.name, maker.node.name);
    else kept.set(node.name, { ...draft, node: renamed(node, now) });
  }
  return { drafts: [...kept.values()], outputs: outputs.map(now) };
}

/** The node with its inputs renamed. */
export function renamed(node: GraphNode, rename: (name: string) => string): GraphNode {
  if (node.kind === "add") return { ...node, inputs: [rename(node.inputs[0]), rename(node.inputs[1])] };
  return node.kind === "concat" ? { ...node, inputs: node.inputs.map(rename) } : { ...node, input: rename(node.input) };
}

/** Makes a node do what an elementwise one after it does, if it can. */
function absorbs(maker: Draft, { node, parameters }: Draft): boolean {
  if (node.kind !== "conv" || parameters === undefined || maker.pads) return false;
  const { weights: factors, bias: offsets } = parameters;
  const neutral = factors.every((factor) => factor === 1) && offsets.every((offset) => offset === 0);
  const target = maker.node;
  if (target.kind !== "conv" && target.kind !== "gemm" && !(target.kind === "add" && neutral)) return false;
  if (target.relu && !neutral) return false;
  if (!neutral && maker.parameters !== undefined) {
    const { weights, bias } = maker.parameters;
    const depth = weights.length / bias.length;
    maker.parameters = {
      weights: weights.map((weight, i) => weight * factors[Math.floor(i / depth)]),
      bias: bias.map((value, channel) => value * factors[channel] + offsets[channel]),
    };
    if (target.kind === "conv") maker.node = { ...target, batchNorm: true };
  }
  if (node.relu) maker.node = clamped(maker.node, node);
  return true;
}

function clamped(target: GraphNode, { ceiling }: ConvNode): GraphNode {
  if (!("relu" in target)) throw new Error(`${target.name} cannot have a ReLU`);
  const both = Math.min(ceiling ?? Number.POSITIVE_INFINITY, target.ceiling ?? Number.POSITIVE_INFINITY);
  return { ...target, relu: true, ...(Number.isFinite(both) ? { ceiling: both } : {}) };
}

function needed(drafts: readonly Draft[], outputs: readonly string[]): readonly Draft[] {
  const wanted = new Set(outputs);
  const kept: Draft[] = [];
  for (const draft of [...drafts].reverse()) {
    if (!wanted.has(draft.node.name)) continue;
    for (const name of nodeInputs(draft.node)) wanted.add(name);
    kept.push(draft);
  }
  return kept.reverse();
}
