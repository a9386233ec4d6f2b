import { describe, expect, it } from "vitest";
import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { type Network, tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { type Architecture, type SeededNetworkOptions, seededNetwork } from "../networks/index.ts";
import { Random } from "../random/random.ts";
import { compareWithOnnxRuntime } from "../testing/compare.ts";
import { whyInexact } from "../testing/exactness.ts";
import { readNetwork, writeNetwork } from "./index.ts";

const inexact = await whyInexact();

const cases: readonly (readonly [Architecture, SeededNetworkOptions])[] = [
  ["vargnet-v1", { scale: 0.25, inputSize: 64, classes: 100 }],
  ["vargnet-v2", { scale: 0.25, inputSize: 61, classes: 100 }],
  ["vargnet-v1", { scale: 0.25, inputSize: 64, classes: 100, activations: "int8", group: 4 }],
  ["vargnet-v2", { scale: 0.5, inputSize: 64, classes: 100, activations: "int8", group: 16 }],
];

function randomImages(network: Network, count: number) {
  const random = new Random(5);
  const { shape, quantization } = tensorOf(network, network.input);
  const { lo, hi } = rangeOf(quantization.dtype);
  const length = elementCount(shape);
  return Array.from({ length: count }, () =>
    newActivations(quantization.dtype, length).map(() => random.integer(lo, hi)),
  );
}

/** Plain data of a network, small enough to compare deeply. */
function flattened(network: Network) {
  return {
    ...network,
    tensors: [...network.tensors],
    blocks: [...network.blocks],
    layers: network.layers.map((layer) =>
      "weights" in layer
        ? {
            ...layer,
            weights: Buffer.from(layer.weights).toString("base64"),
            weightScales: [...layer.weightScales],
            bias: [...layer.bias],
          }
        : layer,
    ),
  };
}

describe("ONNX", () => {
  it.skipIf(inexact).each(cases)("%s %o: every tensor equals ONNX Runtime's", async (architecture, options) => {
    const network = seededNetwork(architecture, options);
    for (const optimize of [true, false]) {
      const { compared, mismatches, first } = await compareWithOnnxRuntime(network, randomImages(network, 3), optimize);
      expect(first).toBeUndefined();
      expect(mismatches).toBe(0);
      expect(compared).toBeGreaterThan(100_000);
    }
  });

  it.each(cases)("%s %o: reading what was written gives the same network", (architecture, options) => {
    const network = seededNetwork(architecture, options);
    const plain = flattened(network);
    expect(flattened(readNetwork(writeNetwork(network), "a.onnx"))).toEqual(plain);
    expect(flattened(readNetwork(writeNetwork(network, { float: true }), "b.onnx"))).toEqual(plain);
  });
});
