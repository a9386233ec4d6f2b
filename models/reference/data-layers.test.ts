import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeOf } from "../arithmetic/index.ts";
import { NetworkBuilder } from "../ir/builder.ts";
import type { ActivationType, FeatureShape, Quantization } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { Random } from "../random/random.ts";
import { compareWithOnnxRuntime } from "../testing/compare.ts";
import { whyInexact } from "../testing/exactness.ts";
import { randomActivations, randomQuantization } from "../testing/layers.ts";

const inexact = await whyInexact();

const base = { name: "layer", input: "x", output: "y" } as const;

interface Case {
  readonly random: Random;
  readonly shape: FeatureShape;
  readonly x: Quantization;
  /** Another quantisation of the same type, on a scale near that of x. */
  readonly y: Quantization;
}

function windowOf(random: Random) {
  const extent = () => random.integer(1, 4);
  const kernel = { height: extent(), width: extent() };
  const side = (size: number) => random.integer(0, size - 1);
  return {
    kernel,
    stride: { y: random.integer(1, 3), x: random.integer(1, 3) },
    padding: {
      top: side(kernel.height),
      bottom: side(kernel.height),
      left: side(kernel.width),
      right: side(kernel.width),
    },
  };
}

/** Adds the layers of one kind to a network whose input is `x`. */
const kinds: Readonly<Record<string, (builder: NetworkBuilder, given: Case) => void>> = {
  MaxPool: (builder, { random, x }) => {
    builder.add({ kind: "maxPool", ...base, ...windowOf(random) }, x);
  },
  QLinearAveragePool: (builder, { random, x, y }) => {
    const countIncludePad = random.real() < 0.5;
    const quantization = random.real() < 0.5 ? x : y;
    builder.add({ kind: "averagePool", ...base, ...windowOf(random), countIncludePad }, quantization);
  },
  "Resize by 2": (builder, { x }) => {
    builder.add({ kind: "upsample", ...base }, x);
  },
  QLinearConcat: (builder, { random, x, y }) => {
    builder.add({ kind: "requantize", name: "other", input: "x", output: "z", ...rangeOf(x.dtype) }, y);
    const inputs = random.real() < 0.5 ? ["x", "z"] : ["z", "x", "z"];
    builder.add({ kind: "concat", name: "layer", inputs, output: "y" }, random.real() < 0.5 ? x : y);
  },
  Gather: (builder, { random, shape, x }) => {
    const order = new Int32Array(random.integer(1, 9)).map(() => random.integer(0, shape.channels - 1));
    builder.add({ kind: "channels", ...base, order }, x);
  },
  "QuantizeLinear of DequantizeLinear": (builder, { random, y }) => {
    const dtype: ActivationType = random.real() < 0.5 ? "int8" : "uint8";
    const range = rangeOf(dtype);
    const quantization = { ...y, dtype, zeroPoint: random.integer(range.lo, range.hi) };
    const [lo, hi] =
      random.real() < 0.5
        ? [range.lo, range.hi]
        : [quantization.zeroPoint, random.integer(quantization.zeroPoint, range.hi)];
    builder.add({ kind: "requantize", ...base, lo, hi }, quantization);
  },
};

describe.skipIf(inexact).each<ActivationType>(["uint8", "int8"])("%s layers equal ONNX Runtime's", (dtype) => {
  it.each(Object.keys(kinds))("%s", async (kind) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
        const random = new Random(seed);
        const extent = () => random.integer(4, 12);
        const shape = { channels: random.integer(1, 9), height: extent(), width: extent() };
        const x = randomQuantization(random, dtype, random.real() < 0.3);
        const y = { ...randomQuantization(random, dtype), scale: Math.fround(x.scale * random.scale(0.2, 4)) };
        const builder = new NetworkBuilder("case", { name: "x", shape, quantization: x });
        kinds[kind](builder, { random, shape, x, y });
        const network = builder.build();
        const input = randomActivations(random, dtype, elementCount(shape), random.real() < 0.2);
        const result = await compareWithOnnxRuntime(network, [input], random.real() < 0.5);
        expect(result.first).toBeUndefined();
        compared += result.compared;
      }),
      { seed: 21, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(5000);
  });
});
