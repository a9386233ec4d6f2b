import { expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { randomNetwork } from "../../host/testing/random-network.ts";
import { randomStem } from "../../host/testing/random-stem.ts";
import { buildAccelerator } from "./accelerator-model.ts";
import { simulateNetwork } from "./simulate.ts";

it("runs every kind of layer in the RTL, every tensor equal to the reference's", async () => {
  const config = presets.g8m8p7;
  const model = await buildAccelerator(config);
  const kinds = new Set<string>();
  let compared = 0;
  for (const seed of [13, 16, 26, 29, 31, 38]) {
    const { network, input } = randomNetwork(seed, { layers: 8, size: 12, channels: 30 });
    for (const { kind } of network.layers) kinds.add(kind);
    const { report } = await simulateNetwork({ network, config, inputs: [input], model });
    expect(report.firstMismatch, network.name).toBeUndefined();
    compared += report.comparedValues;
  }
  expect([...kinds].sort()).toEqual([
    "add",
    "averagePool",
    "channels",
    "concat",
    "conv",
    "gemm",
    "globalAveragePool",
    "maxPool",
    "requantize",
    "upsample",
  ]);
  expect(compared).toBeGreaterThan(5000);
}, 60_000);

it("reads inputs whose taps the host has packed, whatever the window", async () => {
  const config = presets.g8m8p7;
  const model = await buildAccelerator(config);
  for (const seed of [2, 3, 4, 5, 7, 8]) {
    const { network, input } = randomStem(seed, 24);
    const { report, layerRun } = await simulateNetwork({ network, config, inputs: [input], model });
    expect(report.firstMismatch, network.name).toBeUndefined();
    expect(layerRun?.program.tensors.get("x")?.packing, network.name).toBeDefined();
  }
}, 60_000);
