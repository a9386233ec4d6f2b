import { type Problem, VargenError } from "../../models/errors.ts";
import { type Layer, layerInputs, type Network, tensorOf } from "../../models/ir/network.ts";

/** Which part of a network to run: one layer, or the layers of one block. */
export type Part = { readonly layer: string } | { readonly block: string };

/**
 * A layer or block of a network as a network of its own; its input is the one tensor that comes from outside.
 * @throws VargenError for a name that the network does not have, or a part with several inputs or outputs
 */
export function partOf(network: Network, part: Part): Network {
  const names = "layer" in part ? [part.layer] : (network.blocks.get(part.block) ?? []);
  const layers = network.layers.filter((layer) => names.includes(layer.name));
  const name = "layer" in part ? part.layer : part.block;
  if (layers.length === 0) throw new VargenError([unknownPart(network, part)]);
  const made = new Set(layers.map((layer) => layer.output));
  const inputs = [...new Set(layers.flatMap(layerInputs).filter((input) => !made.has(input)))];
  const outputs = layers.map((layer) => layer.output).filter((output) => isOutside(network, output, layers));
  const [input] = inputs;
  const [output] = outputs;
  if (input === undefined || output === undefined || inputs.length > 1 || outputs.length > 1) {
    const message = `it has ${inputs.length} inputs and ${outputs.length} outputs, and only one of each can run alone`;
    const block = [...network.blocks].find(([, members]) => members.includes(name))?.[0];
    const hint = block === undefined ? undefined : `run its block: --block ${block}`;
    throw new VargenError([{ code: "network/part", path: name, message, ...(hint === undefined ? {} : { hint }) }]);
  }
  const tensors = [input, ...made].map((tensor) => tensorOf(network, tensor));
  return {
    name: `${network.name}:${name}`,
    input,
    output,
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    layers,
    blocks: new Map([...network.blocks].filter(([, members]) => members.every((member) => names.includes(member)))),
  };
}

/** Whether something outside the part reads a tensor, or it is the network's result. */
function isOutside(network: Network, tensor: string, part: readonly Layer[]): boolean {
  if (tensor === network.output) return true;
  return network.layers.some((layer) => !part.includes(layer) && layerInputs(layer).includes(tensor));
}

function unknownPart(network: Network, part: Part): Problem {
  const [kind, name] = "layer" in part ? ["layer", part.layer] : ["block", part.block];
  const known = kind === "layer" ? network.layers.map((layer) => layer.name) : [...network.blocks.keys()];
  const shown = known.length > 60 ? [...known.slice(0, 60), `and ${known.length - 60} more`] : known;
  const hint = known.length === 0 ? `the network has no ${kind}s` : `${kind}s: ${shown.join(", ")}`;
  return { code: `network/unknown-${kind}`, path: name, message: `${network.name} has no such ${kind}`, hint };
}
