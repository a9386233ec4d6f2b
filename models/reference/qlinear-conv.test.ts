import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConvLayer, tensorOf } from "../ir/network.ts";
import { convCases, convNetwork } from "../testing/layers.ts";
import { naiveConv } from "../testing/naive-conv.ts";
import { runReference } from "./run.ts";

describe("qlinearConv", () => {
  it("equals the plain definition on random convolutions", () => {
    let compared = 0;
    fc.assert(
      fc.property(convCases, (parameters) => {
        const { network, input } = convNetwork(parameters);
        const layer = network.layers[0] as ConvLayer;
        const expected = naiveConv(layer, input, tensorOf(network, "x"), tensorOf(network, "y"));
        expect(runReference(network, input).get("y")).toEqual(expected);
        compared += expected.length;
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(100_000);
  });

  it("is exact where sums are too large for two to share a float64", () => {
    const shape = { groups: 1, inputsPerGroup: 1500, outputsPerGroup: 9, height: 2, width: 3 };
    const geometry = { kernel: { height: 1, width: 1 }, stride: { y: 1, x: 1 } };
    const padding = { top: 0, left: 0, bottom: 0, right: 0 };
    const { network, input } = convNetwork({
      dtype: "uint8",
      ...shape,
      ...geometry,
      padding,
      extreme: true,
      ties: false,
      seed: 1,
    });
    const layer = network.layers[0] as ConvLayer;
    const expected = naiveConv(layer, input, tensorOf(network, "x"), tensorOf(network, "y"));
    expect(runReference(network, input).get("y")).toEqual(expected);
  });
});
