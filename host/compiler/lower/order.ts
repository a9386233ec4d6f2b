import { type Layer, layerInputs, type Network, tensorOf } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";

/**
 * A network with its layers in an order that keeps few tensors alive: of the layers that may run next always the one
 * after which the least is alive, the earlier one of equals. In a Down block it brings the shortcut forward, after which
 * the block's input is no longer needed.
 */
export function inMemoryOrder(geometry: Geometry, network: Network): Network {
  const words = (name: string): number => {
    const { channels, height, width } = tensorOf(network, name).shape;
    return height * geometry.chipChannelGroups(channels) * geometry.lineWords(width);
  };
  const readers = new Map(network.outputs.map((output) => [output, 1]));
  for (const name of network.layers.flatMap(layerInputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const made = new Set([network.input]);
  const layers: Layer[] = [];
  let rest = [...network.layers];
  /** Words more alive after a layer than before it; with the addition that its drain can go on to make. */
  const growth = (layer: Layer): number => {
    const inputs = [...layerInputs(layer)];
    const addition = rest.find((other) => other.kind === "add" && other.inputs.includes(layer.output));
    const others = addition === undefined ? [] : layerInputs(addition).filter((name) => name !== layer.output);
    const drained = readers.get(layer.output) === 1 && others.length === 1 && others.every((name) => made.has(name));
    if (drained) inputs.push(...others);
    const freed = [...new Set(inputs)].filter(
      (name) => readers.get(name) === inputs.filter((other) => other === name).length,
    );
    return words(layer.output) - freed.reduce((sum, name) => sum + words(name), 0);
  };
  while (rest.length > 0) {
    const ready = rest.filter((layer) => layerInputs(layer).every((name) => made.has(name)));
    const next = ready.reduce((best, layer) => (growth(layer) < growth(best) ? layer : best));
    for (const name of layerInputs(next)) readers.set(name, (readers.get(name) ?? 0) - 1);
    made.add(next.output);
    layers.push(next);
    rest = rest.filter((layer) => layer !== next);
  }
  return { ...network, layers };
}
