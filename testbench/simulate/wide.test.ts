import { expect, it } from "vitest";
import { checkConfig } from "../../hdl-gen/index.ts";
import { compile } from "../../host/compiler/index.ts";
import { convLayer, testQuantization as quantization } from "../../host/testing/networks.ts";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import { type Network, tensorOf } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { Random } from "../../models/random/random.ts";
import { buildAccelerator } from "./accelerator-model.ts";
import { simulateNetwork } from "./simulate.ts";

const config = checkConfig({
  name: "tiny",
  groupWidth: 8,
  outputChannels: 4,
  pixelLanes: 3,
  drainChannels: 2,
  axiDataBits: 128,
  featureDepth: 64,
  weightDepth: 64,
  parameterDepth: 64,
  commandQueueDepth: 4,
  readBurstBeats: 16,
  readOutstanding: 4,
  writeBurstBeats: 16,
});

const pads = { top: 1, left: 1, bottom: 1, right: 1 };

/** Lines of up to 30 words in a memory of 64: stride 2, an addition, a maximum, upsampling and a concatenation. */
function wideNetwork(): Network {
  const builder = new NetworkBuilder("wide", {
    name: "x",
    shape: { channels: 3, height: 12, width: 89 },
    quantization,
  });
  builder.add(convLayer("a", "x", { inputs: 3, outputs: 16, kernel: 5, stride: 2, pad: 2 }), quantization);
  builder.add(convLayer("b", "a", { inputs: 16, outputs: 16, kernel: 3, pad: 1 }), quantization);
  builder.add({ kind: "add", name: "sum", inputs: ["a", "b"], output: "sum" }, { ...quantization, scale: 0.75 });
  const window = { kernel: { height: 3, width: 3 }, stride: { y: 2, x: 2 }, padding: pads };
  builder.add(
    { kind: "maxPool", name: "pool", input: "sum", output: "pool", ...window },
    { ...quantization, scale: 0.75 },
  );
  builder.add({ kind: "upsample", name: "up", input: "pool", output: "up" }, { ...quantization, scale: 0.75 });
  builder.add(convLayer("c", "up", { inputs: 16, outputs: 8, kernel: 3, pad: 1 }), quantization);
  builder.add(convLayer("d", "up", { inputs: 16, outputs: 8 }), quantization);
  builder.add({ kind: "concat", name: "both", inputs: ["c", "d"], output: "both" }, quantization);
  builder.add(convLayer("e", "both", { inputs: 16, outputs: 8, groups: 2, kernel: 3, pad: 1 }), quantization);
  return builder.build();
}

/** 72 words of weights a block, 64 on chip; two blocks a feature word; an addition at the chains' ends. */
function deepNetwork(): Network {
  const shape = { channels: 64, height: 4, width: 5 };
  const builder = new NetworkBuilder("deep", { name: "x", shape, quantization });
  builder.add(convLayer("a", "x", { inputs: 64, outputs: 12 }), quantization);
  builder.add(convLayer("b", "x", { inputs: 64, outputs: 12, kernel: 3, pad: 1 }), quantization);
  builder.add({ kind: "add", name: "sum", inputs: ["a", "b"], output: "sum" }, { ...quantization, scale: 0.75 });
  return builder.build();
}

it("strips of columns and chains of computations in the RTL: every value as in the reference", async () => {
  const model = await buildAccelerator(config);
  const random = new Random(17);
  for (const network of [wideNetwork(), deepNetwork()]) {
    const { shape } = tensorOf(network, network.input);
    const input = new Uint8Array(elementCount(shape)).map(() => random.integer(0, 255));
    const { report } = await simulateNetwork({ network, config, inputs: [input], model });
    expect(report).toMatchObject({ mismatches: 0 });
  }
  const commands = [wideNetwork(), deepNetwork()].map((network) => compile(network, config).commands);
  expect(commands[0].some((command) => command.kind === "loadFeatures" && command.columns < 45)).toBe(true);
  expect(commands[1].some((command) => command.kind === "compute" && command.partial === 1)).toBe(true);
}, 600_000);
