import { NetworkBuilder } from "./builder.ts";
import { type Network, tensorOf } from "./network.ts";

/**
 * The same layers on another input: convolutions, pooling and the like take maps of any size.
 *
 * @param extents height and width of the input in pixels
 * @throws VargenError if a fully connected layer reads a map whose size changes, or maps no longer fit one another
 */
export function resizedNetwork(
  network: Network,
  extents: { readonly height: number; readonly width: number },
): Network {
  const { name, shape, quantization } = tensorOf(network, network.input);
  const builder = new NetworkBuilder(network.name, { name, shape: { ...shape, ...extents }, quantization });
  for (const layer of network.layers) builder.add(layer, tensorOf(network, layer.output).quantization);
  const resized = builder.build(network.outputs);
  return { ...resized, blocks: network.blocks };
}
