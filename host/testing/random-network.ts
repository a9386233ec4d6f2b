import { rangeOf } from "../../models/arithmetic/index.ts";
import { newActivations } from "../../models/ir/activations.ts";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { Activations, Network } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { randomLayers } from "./random-layers.ts";
import { type LayerKind, type NetworkLimits, RandomTensors } from "./random-tensors.ts";

/** A network with an input for it. */
export interface NetworkSample {
  readonly network: Network;
  readonly input: Activations;
}

/** Kinds, the frequent ones more than once. */
const frequencies: readonly LayerKind[] = [
  ...(["conv", "conv", "conv", "conv", "conv", "conv", "add", "add", "add", "concat", "concat"] as const),
  ...(["channels", "requantize", "maxPool", "averagePool", "upsample", "gemm", "globalAveragePool"] as const),
];

/** Share of tensors besides the last that become outputs. */
const OUTPUTS = 0.15;

/**
 * A random network over all layer kinds, with branches, tensors read several times and, at times, several outputs. Its
 * average pools have scales for which ONNX Runtime's float32 sums are exact.
 */
export function randomNetwork(seed: number, limits: NetworkLimits): NetworkSample {
  const tensors = new RandomTensors(seed, limits);
  const { random } = tensors;
  const shape = {
    channels: tensors.chance(0.3) ? random.integer(1, 3) : random.integer(1, limits.channels),
    height: random.integer(1, limits.size),
    width: random.integer(1, limits.size),
  };
  const input = { name: "x", shape, quantization: tensors.quantization(0.02) };
  const builder = new NetworkBuilder(`random${seed}`, input);
  tensors.all.push(input);
  tensors.builder = builder;
  const kinds = frequencies.filter((kind) => kind === "conv" || (limits.kinds?.includes(kind) ?? true));
  const layers = random.integer(1, limits.layers);
  for (let i = 0; i < layers; i++) {
    const name = `l${i}`;
    if (!randomLayers[tensors.pick(kinds)](tensors, name)) randomLayers.conv(tensors, name);
  }
  const last = tensors.all.length - 1;
  const outputs = tensors.all.filter((_, index) => index === last || (index > 0 && tensors.chance(OUTPUTS)));
  const { lo, hi } = rangeOf(tensors.dtype);
  const extreme = tensors.chance(0.2);
  const values = newActivations(tensors.dtype, elementCount(shape)).map(() =>
    extreme ? (random.real() < 0.5 ? lo : hi) : random.integer(lo, hi),
  );
  return { network: builder.build(outputs.map(({ name }) => name)), input: values };
}
