import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { ConvLayer, Network, Quantization } from "../../models/ir/network.ts";
import { Random } from "../../models/random/random.ts";

/** The quantisation of all tensors of these networks. */
export const testQuantization: Quantization = { dtype: "uint8", scale: 0.5, zeroPoint: 100 };

/** Geometry of {@link convLayer}; kernel, stride and padding are the same on both axes. */
export interface ConvShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly groups?: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly pad?: number;
}

/** A convolution with seeded weights. */
export function convLayer(name: string, input: string, shape: ConvShape): ConvLayer {
  const { inputs, outputs, groups = 1, kernel = 1, stride = 1, pad = 0 } = shape;
  const random = new Random(outputs + 7 * inputs);
  const depth = (inputs / groups) * kernel * kernel;
  return {
    kind: "conv",
    name,
    input,
    output: name,
    groups,
    kernel: { height: kernel, width: kernel },
    stride: { y: stride, x: stride },
    padding: { top: pad, left: pad, bottom: pad, right: pad },
    weights: new Int8Array(outputs * depth).map(() => random.integer(-127, 127)),
    weightScales: new Float32Array(outputs).fill(1 / (90 * Math.sqrt(depth))),
    bias: new Int32Array(outputs).map(() => random.integer(-500, 500)),
  };
}

/** A builder over an input `x` of square maps. */
export function networkOver(channels: number, size: number): NetworkBuilder {
  return new NetworkBuilder("test", {
    name: "x",
    shape: { channels, height: size, width: size },
    quantization: testQuantization,
  });
}

/** A network of one convolution. */
export function convNetwork(shape: ConvShape, size: number): Network {
  const builder = networkOver(shape.inputs, size);
  builder.add(convLayer("conv", "x", shape), testQuantization);
  return builder.build();
}

/** Two branches over x, each a 1x1 convolution, added; then a third convolution. */
export function branchNetwork(channels: number, size: number): Network {
  const builder = networkOver(channels, size);
  builder.add(convLayer("a", "x", { inputs: channels, outputs: channels }), testQuantization);
  builder.add(convLayer("b", "x", { inputs: channels, outputs: channels }), testQuantization);
  builder.add({ kind: "add", name: "sum", inputs: ["a", "b"], output: "sum" }, { ...testQuantization, scale: 0.75 });
  builder.add(convLayer("c", "sum", { inputs: channels, outputs: channels }), testQuantization);
  return builder.build();
}

/** A maximum over 40 x 40 pixels, whose window fits no small feature memory. */
export function largePoolNetwork(): Network {
  const builder = networkOver(8, 50);
  const kernel = { height: 40, width: 40 };
  const padding = { top: 0, left: 0, bottom: 0, right: 0 };
  const window = { kernel, padding, stride: { y: 2, x: 2 } };
  builder.add(convLayer("conv", "x", { inputs: 8, outputs: 8 }), testQuantization);
  builder.add({ kind: "maxPool", name: "pool", input: "conv", output: "pool", ...window }, testQuantization);
  return builder.build();
}
