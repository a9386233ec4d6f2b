import { extractLayers } from "../../host/index.ts";
import { type Problem, VargenError } from "../../models/errors.ts";
import type { Network } from "../../models/ir/network.ts";

/** Which part of a network to run: one layer, or the layers of one block. */
export type Part = { readonly layer: string } | { readonly block: string };

/**
 * A layer or block of a network as a network of its own; its input is the one tensor that comes from outside.
 * @throws VargenError for a name that the network does not have, or a part that reads several tensors from outside
 */
export function partOf(network: Network, part: Part): Network {
  const names = "layer" in part ? [part.layer] : (network.blocks.get(part.block) ?? []);
  const name = "layer" in part ? part.layer : part.block;
  if (!network.layers.some((layer) => names.includes(layer.name))) throw new VargenError([unknownPart(network, part)]);
  try {
    return { ...extractLayers(network, names), name: `${network.name}:${name}` };
  } catch (error) {
    const block = [...network.blocks].find(([, members]) => members.includes(name))?.[0];
    if (!(error instanceof VargenError) || block === undefined) throw error;
    throw new VargenError(error.problems.map((problem) => ({ ...problem, hint: `run its block: --block ${block}` })));
  }
}

function unknownPart(network: Network, part: Part): Problem {
  const [kind, name] = "layer" in part ? ["layer", part.layer] : ["block", part.block];
  const known = kind === "layer" ? network.layers.map((layer) => layer.name) : [...network.blocks.keys()];
  const shown = known.length > 60 ? [...known.slice(0, 60), `and ${known.length - 60} more`] : known;
  const hint = known.length === 0 ? `the network has no ${kind}s` : `${kind}s: ${shown.join(", ")}`;
  return { code: `network/unknown-${kind}`, path: name, message: `${network.name} has no such ${kind}`, hint };
}
