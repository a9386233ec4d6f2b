import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { FeatureShape, Network, Quantization } from "../../models/ir/network.ts";
import { Random } from "../../models/random/random.ts";

/** A figure of another generator on the same layer. */
export interface Peer {
  /** Useful MACs / (its multipliers x its cycles). */
  readonly utilization: number;
  /** Where it is known. */
  readonly multipliers: number | undefined;
}

/** A single convolution to be run cold: everything that it reads and writes is in DRAM. */
export interface BenchLayer {
  readonly name: string;
  readonly input: FeatureShape;
  readonly outputs: number;
  readonly groups: number;
  /** Extent of the window on both axes, padded to keep the map's size. */
  readonly kernel: 1 | 3;
  readonly peer: Peer;
  /** Least utilisation to reach; undefined where the array's bound is reported only. */
  readonly target: number | undefined;
}

/** What {@link Peer} figures are. */
export const peerSource =
  "peer: NNgen, measured by us on the same layers: its whole IP, buffers tuned by hand, a gentler memory model.";

const map = (channels: number): FeatureShape => ({ channels, height: 14, width: 14 });

/** The layers of the table. */
export const benchLayers: readonly BenchLayer[] = [
  {
    name: "1x1, 14x14x256 -> 256",
    ...{ input: map(256), outputs: 256, groups: 1, kernel: 1 },
    ...{ peer: { utilization: 0.819, multipliers: 448 }, target: 0.9 },
  },
  {
    name: "dense 3x3, 14x14x64 -> 64",
    ...{ input: map(64), outputs: 64, groups: 1, kernel: 3 },
    ...{ peer: { utilization: 0.815, multipliers: 504 }, target: 0.88 },
  },
  {
    name: "grouped 3x3, 14x14x64, 8 in 8 out",
    ...{ input: map(64), outputs: 64, groups: 8, kernel: 3 },
    ...{ peer: { utilization: 0.121, multipliers: 72 }, target: 0.45 },
  },
  {
    name: "depthwise 3x3, 14x14x64",
    ...{ input: map(64), outputs: 64, groups: 64, kernel: 3 },
    ...{ peer: { utilization: 0.015, multipliers: undefined }, target: undefined },
  },
];

const quantization: Quantization = { dtype: "uint8", scale: 2 ** -7, zeroPoint: 128 };

/** The network of one layer, with seeded weights and scales that spread its results over their range. */
export function layerNetwork({ name, input, outputs, groups, kernel }: BenchLayer, seed: number): Network {
  const random = new Random(seed);
  const depth = (input.channels / groups) * kernel * kernel;
  const pad = kernel >> 1;
  const builder = new NetworkBuilder(name, { name: "x", shape: input, quantization });
  builder.add(
    {
      kind: "conv",
      name: "conv",
      input: "x",
      output: "y",
      groups,
      kernel: { height: kernel, width: kernel },
      stride: { y: 1, x: 1 },
      padding: { top: pad, left: pad, bottom: pad, right: pad },
      weights: new Int8Array(outputs * depth).map(() => random.integer(-127, 127)),
      weightScales: new Float32Array(outputs).map(() => random.scale(0.5, 2) / (90 * Math.sqrt(depth))),
      bias: new Int32Array(outputs).map(() => random.integer(-500, 500)),
    },
    quantization,
  );
  return builder.build();
}
