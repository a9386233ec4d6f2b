import { rangeOf } from "../../models/arithmetic/index.ts";
import { newActivations } from "../../models/ir/activations.ts";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { ConvLayer, Quantization } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { Random } from "../../models/random/random.ts";
import type { NetworkSample } from "./random-network.ts";

/**
 * A convolution over few channels with a window of any extents, stride and padding, at times with a 1x1 convolution behind
 * it whose result is added to.
 * @param size most rows and columns of the input
 */
export function randomStem(seed: number, size: number): NetworkSample {
  const random = new Random(seed);
  const dtype = random.real() < 0.5 ? "uint8" : "int8";
  const { lo, hi } = rangeOf(dtype);
  const quantization = (): Quantization => ({
    dtype,
    scale: random.scale(0.01, 0.03),
    zeroPoint: random.integer(lo, hi),
  });
  const channels = random.integer(1, 4);
  const shape = { channels, height: random.integer(7, size), width: random.integer(7, size) };
  const input = { name: "x", shape, quantization: quantization() };
  const builder = new NetworkBuilder(`stem${seed}`, input);
  const kernel = { height: random.integer(2, 7), width: random.integer(2, 7) };
  const [stride, outputs] = [random.integer(1, 2), random.integer(1, 20)];
  const pad = (extent: number): number => random.integer(0, extent - 1);
  const stem: ConvLayer = {
    ...randomConv(random, "stem", "x", channels, outputs, kernel),
    stride: { y: stride, x: stride },
    padding: { top: pad(kernel.height), left: pad(kernel.width), bottom: pad(kernel.height), right: pad(kernel.width) },
  };
  builder.add(stem, quantization());
  if (random.real() < 0.5) {
    builder.add(randomConv(random, "point", "stem", outputs, outputs, { height: 1, width: 1 }), quantization());
    builder.add({ kind: "add", name: "sum", inputs: ["point", "stem"], output: "sum" }, quantization());
  }
  const values = newActivations(dtype, elementCount(shape)).map(() => random.integer(lo, hi));
  return { network: builder.build(), input: values };
}

function randomConv(
  random: Random,
  name: string,
  input: string,
  inputs: number,
  outputs: number,
  kernel: ConvLayer["kernel"],
): ConvLayer {
  const depth = inputs * kernel.height * kernel.width;
  return {
    kind: "conv",
    name,
    input,
    output: name,
    groups: 1,
    kernel,
    stride: { y: 1, x: 1 },
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
    weights: new Int8Array(outputs * depth).map(() => random.integer(-127, 127)),
    weightScales: new Float32Array(outputs).map(() => random.scale(0.3, 3) / (90 * Math.sqrt(depth))),
    bias: new Int32Array(outputs).map(() => random.integer(-500, 500)),
  };
}
