import { expect, it } from "vitest";
import { checkConfig, presets } from "../../../hdl-gen/index.ts";
import { runReference } from "../../../models/reference/index.ts";
import { interpretProgram } from "../../reference-interpreter/index.ts";
import { convLayer, networkOver, testQuantization } from "../../testing/networks.ts";
import { compile } from "../compile.ts";

it("keeps the parameters of all passes side by side where all must stay, wherever their ring stands", () => {
  // Two blocks of 8 parameter words in two kinds fill the memory; the convolution before leaves its ring at word 8.
  const config = checkConfig({
    ...presets.g8m8p1,
    name: "tiny",
    drainChannels: 1,
    axiDataBits: 64,
    featureDepth: 64,
    weightDepth: 64,
    parameterDepth: 32,
  });
  const builder = networkOver(16, 6);
  builder.add(convLayer("conv", "x", { inputs: 16, outputs: 8 }), testQuantization);
  const window = {
    kernel: { height: 3, width: 3 },
    stride: { y: 1, x: 1 },
    padding: { top: 0, left: 1, bottom: 0, right: 1 },
  };
  const mean = { kind: "averagePool", name: "mean", input: "x", output: "mean", countIncludePad: false } as const;
  builder.add({ ...mean, ...window }, testQuantization);
  const network = builder.build(["conv", "mean"]);
  const input = new Uint8Array(16 * 36).map((_, index) => (index * 89) & 255);
  const expected = runReference(network, input);
  const got = interpretProgram(compile(network, config), input);
  for (const name of network.outputs) expect(got.get(name)).toEqual(expected.get(name));
});
