import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { Quantization } from "../../models/ir/network.ts";
import { Random } from "../../models/random/random.ts";
import { runReference } from "../../models/reference/index.ts";
import { averageFactor } from "./average.ts";
import { requantizer } from "./hardware.ts";

/** The reference's mean of `height` x `width` values. */
function referenceMean(input: Quantization, output: Quantization, width: number, values: Uint8Array): number {
  const shape = { channels: 1, height: values.length / width, width };
  const builder = new NetworkBuilder("mean", { name: "x", shape, quantization: input });
  const window = {
    kernel: { height: shape.height, width },
    stride: { y: 1, x: 1 },
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
  };
  builder.add({ kind: "averagePool", name: "y", input: "x", output: "y", countIncludePad: false, ...window }, output);
  return runReference(builder.build(), values).get("y")?.[0] ?? -1;
}

const quantizations = fc
  .record({ scale: fc.double({ min: 0.001, max: 0.1, noNaN: true }), zeroPoint: fc.integer({ min: 0, max: 255 }) })
  .map(({ scale, zeroPoint }): Quantization => ({ dtype: "uint8", scale: Math.fround(scale), zeroPoint }));

describe("averageFactor", () => {
  it("gives the operator's result for any values, where it gives a factor", () => {
    let found = 0;
    const extents = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
    const property = fc.property(
      quantizations,
      quantizations,
      extents,
      fc.nat(),
      (input, output, [height, width], seed) => {
        const values = height * width;
        const factor = averageFactor({ input, output, values, divisor: values });
        if ("ambiguous" in factor) return;
        found++;
        const random = new Random(seed);
        const requantize = requantizer(factor.scale);
        for (let i = 0; i < 30; i++) {
          const sample = new Uint8Array(values).map(() => random.integer(0, 255));
          const sum = sample.reduce((total, value) => total + value - input.zeroPoint, 0);
          const made = requantize(sum, factor.offset, factor.z1, -128, 127) + 128;
          expect(made).toBe(referenceMean(input, output, width, sample));
        }
      },
    );
    fc.assert(property, { seed: 5, numRuns: 200 });
    expect(found).toBeGreaterThan(40);
  });

  it("takes every window of odd size without a change of scale, and even ones only with short scales", () => {
    const quantization = (scale: number, zeroPoint: number): Quantization => ({ dtype: "uint8", scale, zeroPoint });
    const factorOf = (scale: number, values: number, zeroPoint = 3) =>
      averageFactor({ input: quantization(scale, 7), output: quantization(scale, zeroPoint), values, divisor: values });
    const long = Math.fround(0.0123);
    for (const values of [1, 3, 9, 25]) expect(factorOf(long, values)).toHaveProperty("scale");
    for (const values of [2, 4, 6]) {
      expect(factorOf(long, values)).toHaveProperty("ambiguous");
      for (const zeroPoint of [3, 4]) expect(factorOf(13 / 1024, values, zeroPoint)).toHaveProperty("scale");
    }
  });
});
