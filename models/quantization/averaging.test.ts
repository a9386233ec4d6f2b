import { expect, it } from "vitest";
import { tensorOf } from "../ir/network.ts";
import { seededNetwork } from "../networks/seeded.ts";

it("gives an average pool the quantisation of its input, with a scale of 8 bits", () => {
  const network = seededNetwork("shufflenet-v1", { inputSize: 32, classes: 10 });
  const pools = network.layers.filter((layer) => layer.kind === "averagePool");
  expect(pools.length).toBeGreaterThan(1);
  for (const { input, output } of pools) {
    const { quantization } = tensorOf(network, input);
    expect(tensorOf(network, output).quantization).toEqual(quantization);
    const bits = quantization.scale / 2 ** (Math.floor(Math.log2(quantization.scale)) - 7);
    expect(Number.isInteger(bits)).toBe(true);
  }
});
