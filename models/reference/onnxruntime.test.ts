import { describe, expect, it } from "vitest";
import { NetworkBuilder } from "../ir/builder.ts";
import type { ActivationType } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { Random } from "../random/random.ts";
import { type Comparison, compareWithOnnxRuntime } from "../testing/compare.ts";
import { whyInexact } from "../testing/exactness.ts";
import {
  type ConvCase,
  convNetwork,
  type LayerCase,
  randomActivations,
  randomQuantization,
  randomWeights,
} from "../testing/layers.ts";

const inexact = await whyInexact();

type Sizes = Pick<ConvCase, "groups" | "inputsPerGroup" | "outputsPerGroup" | "kernel" | "stride">;

const square = (size: number) => ({ height: size, width: size });
const stride = (step: number) => ({ y: step, x: step });

/** Random sizes of each kind of convolution that VarGNet has, and of some that it has not. */
const kinds: Readonly<Record<string, (random: Random) => Sizes>> = {
  grouped: (r) => {
    const inputsPerGroup = 4 * 2 ** r.integer(0, 2);
    const outputsPerGroup = inputsPerGroup * r.integer(1, 2);
    return {
      groups: r.integer(2, 6),
      inputsPerGroup,
      outputsPerGroup,
      kernel: square(3),
      stride: stride(r.integer(1, 2)),
    };
  },
  pointwise: (r) => {
    const [inputsPerGroup, outputsPerGroup] = [r.integer(1, 300), r.integer(1, 80)];
    return { groups: 1, inputsPerGroup, outputsPerGroup, kernel: square(1), stride: stride(1) };
  },
  dense: (r) => {
    const [inputsPerGroup, outputsPerGroup] = [r.integer(1, 40), r.integer(1, 40)];
    return { groups: 1, inputsPerGroup, outputsPerGroup, kernel: square(3), stride: stride(r.integer(1, 2)) };
  },
  depthwise: (r) => {
    const stride = { y: r.integer(1, 3), x: r.integer(1, 3) };
    const kernel = { height: r.integer(1, 5), width: r.integer(1, 5) };
    return { groups: r.integer(1, 40), inputsPerGroup: 1, outputsPerGroup: 1, kernel, stride };
  },
};

function convCase(sizes: Sizes, dtype: ActivationType, random: Random): LayerCase {
  const pad = () => random.integer(0, 2);
  return convNetwork({
    ...sizes,
    dtype,
    height: random.integer(5, 31),
    width: random.integer(5, 31),
    padding: { top: pad(), left: pad(), bottom: pad(), right: pad() },
    extreme: random.real() < 0.2,
    ties: random.real() < 0.3,
    seed: random.integer(0, 2 ** 30),
  });
}

function gemmCase(dtype: ActivationType, random: Random): LayerCase {
  const shape = { channels: random.integer(1, 200), height: random.integer(1, 3), width: random.integer(1, 3) };
  const [depth, outputs] = [elementCount(shape), random.integer(1, 300)];
  const [x, y] = [randomQuantization(random, dtype), randomQuantization(random, dtype)];
  const spread = 127 * Math.sqrt(depth);
  const weightScales = new Float32Array(outputs).map(() => (y.scale / x.scale / spread) * random.scale(0.5, 2));
  const bias = new Int32Array(outputs).map(() => random.integer(-5000, 5000));
  const weights = randomWeights(random, depth * outputs);
  const builder = new NetworkBuilder("gemm", { name: "x", shape, quantization: x });
  builder.add({ kind: "gemm", name: "fc", input: "x", output: "y", weights, weightScales, bias }, y);
  return { network: builder.build(), input: randomActivations(random, dtype, depth) };
}

function poolCase(dtype: ActivationType, random: Random): LayerCase {
  const shape = { channels: random.integer(1, 600), height: random.integer(1, 9), width: random.integer(1, 9) };
  const x = randomQuantization(random, dtype);
  const y = { ...randomQuantization(random, dtype), scale: Math.fround(x.scale * random.scale(0.1, 2)) };
  if (random.real() < 0.5) y.scale = x.scale;
  const builder = new NetworkBuilder("pool", { name: "x", shape, quantization: x });
  builder.add({ kind: "globalAveragePool", name: "pool", input: "x", output: "y" }, y);
  return { network: builder.build(), input: randomActivations(random, dtype, elementCount(shape)) };
}

/** Compares cases until so many values are done. */
async function campaign(values: number, next: () => LayerCase): Promise<Comparison> {
  let [compared, mismatches, first] = [0, 0, undefined as string | undefined];
  while (compared < values) {
    const { network, input } = next();
    const result = await compareWithOnnxRuntime(network, [input]);
    compared += result.compared;
    mismatches += result.mismatches;
    first ??= result.first;
  }
  return { compared, mismatches, first };
}

describe.skipIf(inexact).each<ActivationType>(["uint8", "int8"])("%s layers equal ONNX Runtime's", (dtype) => {
  it.each(Object.keys(kinds))("QLinearConv, %s: 250,000 values", async (kind) => {
    const random = new Random(100);
    const result = await campaign(250_000, () => convCase(kinds[kind](random), dtype, random));
    expect(result).toMatchObject({ mismatches: 0, first: undefined });
  });

  it("QGemm: 50,000 values", async () => {
    const random = new Random(101);
    expect(await campaign(50_000, () => gemmCase(dtype, random))).toMatchObject({ mismatches: 0, first: undefined });
  });

  it("QLinearGlobalAveragePool: 100,000 values", async () => {
    const random = new Random(102);
    expect(await campaign(100_000, () => poolCase(dtype, random))).toMatchObject({ mismatches: 0, first: undefined });
  });
});
