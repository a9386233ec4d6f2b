import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dequantizeValue, effectiveScale, quantizeValue, rangeOf } from "../arithmetic/index.ts";
import { VargenError } from "../errors.ts";
import { type FloatNetwork, type FloatParameters, runFloat } from "../graph/index.ts";
import { accumulatorBounds, accumulatorLimit, correctedBias } from "../ir/limits.ts";
import { type ActivationType, tensorOf } from "../ir/network.ts";
import { Random } from "../random/random.ts";
import { runReference } from "../reference/index.ts";
import { activationQuantization } from "./activation.ts";
import { hardwareLimitProblems, quantizeNetwork } from "./index.ts";
import { calibrateRanges } from "./ranges.ts";
import { quantizeWeights } from "./weights.ts";

const dtype = fc.constantFrom<ActivationType>("uint8", "int8");
const real = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** conv -> ReLU, conv, sum, pool, classifier, with random weights; some channels have next to none. */
function smallNetwork(random: Random): FloatNetwork {
  const square = { kernel: { height: 3, width: 3 }, stride: { y: 1, x: 1 } };
  const padding = { top: 1, left: 1, bottom: 1, right: 1 };
  const conv = { kind: "conv", outputChannels: 8, groups: 1, ...square, padding, batchNorm: false } as const;
  const parameters = (outputs: number, depth: number): FloatParameters => ({
    weights: new Float32Array(outputs * depth).map(
      (_, i) => (random.normal() / Math.sqrt(depth)) * (Math.floor(i / depth) === 1 ? 1e-9 : 1),
    ),
    bias: new Float32Array(outputs).map(() => random.normal() / 10),
  });
  return {
    graph: {
      name: "small",
      input: "x",
      inputShape: { channels: 2, height: 6, width: 6 },
      outputs: ["fc"],
      nodes: [
        { ...conv, name: "a", input: "x", relu: true },
        { ...conv, name: "b", input: "a", relu: false },
        { kind: "add", name: "sum", inputs: ["b", "a"], relu: true },
        { kind: "globalAveragePool", name: "pool", input: "sum" },
        { kind: "gemm", name: "fc", input: "pool", outputChannels: 5, relu: false },
      ],
    },
    parameters: new Map([
      ["a", parameters(8, 18)],
      ["b", parameters(8, 72)],
      ["fc", parameters(5, 8)],
    ]),
  };
}

const randomImages = (random: Random, count: number) =>
  Array.from({ length: count }, () => new Float32Array(72).map(() => random.real() * 2 - 0.5));

describe("activationQuantization", () => {
  it("represents the range's ends within half a step and 0 exactly", () => {
    fc.assert(
      fc.property(dtype, real, real, (type, a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const quantization = activationQuantization({ min, max }, type);
        const { scale, zeroPoint } = quantization;
        expect(Math.fround(scale)).toBe(scale);
        expect(zeroPoint).toBe(quantizeValue(0, quantization));
        for (const value of [min, max])
          expect(
            Math.abs(dequantizeValue(quantizeValue(value, quantization), quantization) - value),
          ).toBeLessThanOrEqual(scale * 0.51);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it("puts the zero point of a ReLU's output at the type's minimum", () => {
    for (const type of ["uint8", "int8"] as const)
      expect(activationQuantization({ min: 0, max: 3 }, type).zeroPoint).toBe(rangeOf(type).lo);
  });
});

describe("quantizeWeights", () => {
  it("keeps the hardware's limits, whatever the weights and biases", () => {
    const magnitude = fc.constantFrom(0, 1e-30, 1e-6, 1, 100);
    const scale = fc.constantFrom(2 ** -12, 0.01, 1).map(Math.fround);
    fc.assert(
      fc.property(magnitude, magnitude, scale, scale, fc.integer(), (size, biasSize, xScale, yScale, seed) => {
        const random = new Random(seed);
        const weights = new Float32Array(40).map(() => random.normal() * size);
        const bias = new Float32Array(2).map(() => random.normal() * biasSize);
        const input = { dtype: "uint8", scale: xScale, zeroPoint: 7 } as const;
        const output = { dtype: "uint8", scale: yScale, zeroPoint: 0 } as const;
        const result = quantizeWeights({ weights, bias }, input, output);
        const layer = { kind: "gemm", name: "", input: "", output: "", ...result } as const;
        for (const bound of accumulatorBounds(layer, input)) expect(bound).toBeLessThanOrEqual(accumulatorLimit);
        for (const weightScale of result.weightScales)
          expect(effectiveScale(xScale, weightScale, yScale)).toBeGreaterThanOrEqual(2 ** -27);
        expect(result.weights.includes(-128)).toBe(false);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe("quantizeNetwork", () => {
  it.each<[ActivationType, number | undefined]>([
    ["uint8", undefined],
    ["int8", undefined],
    ["uint8", 99.9],
  ])("%s, percentile %s: stays close to the float network", (activations, percentile) => {
    const random = new Random(8);
    const float = smallNetwork(random);
    const images = randomImages(random, 20);
    const calibration =
      percentile === undefined ? ({ method: "minmax" } as const) : ({ method: "percentile", percentile } as const);
    const network = quantizeNetwork(float, images, { activations, calibration });
    expect(hardwareLimitProblems(network)).toEqual([]);
    const input = tensorOf(network, "x").quantization;
    const output = tensorOf(network, "fc").quantization;
    for (const image of images) {
      const quantized = activations === "uint8" ? new Uint8Array(72) : new Int8Array(72);
      image.forEach((value, i) => {
        quantized[i] = quantizeValue(value, input);
      });
      const ours = runReference(network, quantized).get("fc") ?? [];
      runFloat(float, image)
        .get("fc")
        ?.forEach((value, i) => {
          expect(Math.abs(dequantizeValue(ours[i], output) - value)).toBeLessThan(0.06);
        });
    }
  });

  it("reports missing and misfit images and weights that are no numbers", () => {
    const float = smallNetwork(new Random(9));
    expect(() => quantizeNetwork(float, [])).toThrow("no calibration images");
    expect(() => quantizeNetwork(float, [new Float32Array(71)])).toThrow("image 0: it has 71 values");
    float.parameters.get("b")?.weights.fill(Number.NaN, 3, 4);
    expect(() => quantizeNetwork(float, [new Float32Array(72)])).toThrow(VargenError);
  });
});

describe("calibrateRanges", () => {
  it("leaves out the given share of outliers, but none of the input", () => {
    const float = smallNetwork(new Random(10));
    const images = randomImages(new Random(11), 10);
    const all = calibrateRanges(float, images, { method: "minmax" });
    const most = calibrateRanges(float, images, { method: "percentile", percentile: 99 });
    expect(most.get("x")).toEqual(all.get("x"));
    expect(most.get("b")?.max).toBeLessThan(all.get("b")?.max ?? 0);
    expect(most.get("b")?.min).toBeGreaterThan(all.get("b")?.min ?? 0);
    const values = images.flatMap((image) => [...(runFloat(float, image).get("b") ?? [])]);
    const above = values.filter((value) => value > (most.get("b")?.max ?? 0)).length / values.length;
    expect(above).toBeGreaterThan(0.005);
    expect(above).toBeLessThan(0.015);
  });
});

describe("correctedBias", () => {
  it("makes sums over int8 values equal those over values less their zero point", () => {
    const random = new Random(12);
    const weights = new Int8Array(6).map(() => random.integer(-127, 127));
    const layer = {
      kind: "gemm",
      name: "",
      input: "",
      output: "",
      weights,
      weightScales: new Float32Array(2),
      bias: Int32Array.of(10, -20),
    } as const;
    for (const [type, shift] of [
      ["uint8", 128],
      ["int8", 0],
    ] as const) {
      const values = [1, 2, 3].map(() => random.integer(rangeOf(type).lo, rangeOf(type).hi));
      const zeroPoint = random.integer(rangeOf(type).lo, rangeOf(type).hi);
      const corrected = correctedBias(layer, { dtype: type, scale: 1, zeroPoint });
      for (const channel of [0, 1]) {
        const dot = (offset: number) =>
          values.reduce((sum, value, k) => sum + (value - offset) * weights[channel * 3 + k], 0);
        expect(dot(shift) + corrected[channel]).toBe(dot(zeroPoint) + layer.bias[channel]);
      }
    }
  });
});
