import { describe, expect, it } from "vitest";
import { dequantizeValue, quantizeValue } from "../arithmetic/index.ts";
import { runFloat } from "../graph/index.ts";
import { tensorOf } from "../ir/network.ts";
import { readFloatNetwork } from "../onnx/index.ts";
import { Random } from "../random/random.ts";
import { FloatBuilder } from "../testing/float-onnx.ts";
import { activationQuantization } from "./activation.ts";
import { Histogram } from "./histogram.ts";
import { measureErrors, quantizeNetwork } from "./index.ts";
import { leastErrorRange } from "./least-error.ts";

describe("leastErrorRange", () => {
  it("loses less than the whole range where there are outliers, and keeps the range of even values", () => {
    const random = new Random(1);
    const meanError = (values: Float32Array, range: { readonly min: number; readonly max: number }): number => {
      const quantization = activationQuantization(range, "uint8");
      const squares = values.map((v) => (v - dequantizeValue(quantizeValue(v, quantization), quantization)) ** 2);
      return squares.reduce((sum, square) => sum + square, 0) / values.length;
    };
    const values = new Float32Array(20_000).map(() => random.normal());
    values[7] = 40;
    const outliers = new Histogram({ min: values.reduce((a, b) => Math.min(a, b)), max: 40 });
    outliers.count(values);
    const range = leastErrorRange(outliers, "uint8");
    expect(range.max).toBeLessThan(40);
    expect(meanError(values, range)).toBeLessThan(meanError(values, outliers.range));
    const even = new Histogram({ min: -1, max: 1 });
    even.count(new Float32Array(20_000).map(() => 2 * random.real() - 1));
    const kept = leastErrorRange(even, "int8");
    expect([kept.min, kept.max].every((bound) => Math.abs(bound) > 0.97)).toBe(true);
  });
});

describe("measureErrors", () => {
  it("is what comparing the outputs by hand gives", () => {
    const g = new FloatBuilder(new Random(2), [1, 4, 6, 6]);
    g.conv(8, { kernel: [3, 3], groups: 1, pads: [1, 1, 1, 1] });
    g.batchNormalization();
    g.relu();
    g.pool("AveragePool", 2, 2, 0);
    g.flatten();
    g.gemm(3);
    g.output();
    const float = readFloatNetwork(g.build(), "float.onnx");
    const images = Array.from({ length: 8 }, () => g.image());
    for (const method of ["minmax", "mse"] as const) {
      const network = quantizeNetwork(float, images, { calibration: { method } });
      const errors = measureErrors(float, network, images);
      expect(errors.map(({ kind }) => kind)).toEqual(["conv", "averagePool", "gemm"]);
      for (const { name, kind, outputSqnr, weightSqnr, min, max, quantization } of errors) {
        expect(outputSqnr).toBeGreaterThan(25);
        expect(weightSqnr === undefined).toBe(kind === "averagePool");
        if (weightSqnr !== undefined) expect(weightSqnr).toBeGreaterThan(35);
        const values = images.flatMap((image) => [...(runFloat(float, image).get(name) ?? [])]);
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(quantization).toBe(tensorOf(network, name).quantization);
      }
    }
  });
});
