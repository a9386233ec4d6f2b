import { type Problem, VargenError } from "../../models/errors.ts";
import { layerInputs, type Network } from "../../models/ir/network.ts";

/**
 * The part of a network that consists of the layers named, such as one layer or one block: a network by itself, whose
 * input is the one tensor that they read from outside and whose output is the last layer's.
 *
 * @param names layers; their order does not matter
 * @throws VargenError for unknown layers, none at all, or several tensors read from outside
 */
export function extractLayers(network: Network, names: readonly string[]): Network {
  const wanted = new Set(names);
  const known = new Set(network.layers.map(({ name }) => name));
  const unknown = [...wanted].filter((name) => !known.has(name));
  const problem = (code: string, path: string, message: string): Problem => ({
    code: `compile/${code}`,
    path,
    message,
  });
  if (unknown.length > 0) {
    throw new VargenError(unknown.map((name) => problem("unknown-layer", name, `${network.name} has no such layer`)));
  }
  const layers = network.layers.filter(({ name }) => wanted.has(name));
  const last = layers[layers.length - 1];
  if (last === undefined) throw new VargenError([problem("no-layer", network.name, "no layer was named")]);
  const made = new Set(layers.map(({ output }) => output));
  const inputs = [...new Set(layers.flatMap(layerInputs))].filter((name) => !made.has(name));
  if (inputs.length > 1) {
    const message = `reads ${inputs.length} tensors from outside (${inputs.join(", ")}); one is supported`;
    throw new VargenError([{ ...problem("inputs", names.join(", "), message), hint: "choose a whole block" }]);
  }
  const used = new Set([...inputs, ...made]);
  const blocks = [...network.blocks].filter(([, members]) => members.every((name) => wanted.has(name)));
  return {
    name: `${network.name}/${names.length === 1 ? last.name : `${layers[0].name}..${last.name}`}`,
    input: inputs[0],
    outputs: [last.output],
    tensors: new Map([...network.tensors].filter(([name]) => used.has(name))),
    layers,
    blocks: new Map(blocks),
  };
}
