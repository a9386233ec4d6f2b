import { expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { runReference } from "../../../models/reference/index.ts";
import { memoryModels, predict } from "../../cycle-model/index.ts";
import { interpretProgram } from "../../reference-interpreter/index.ts";
import { convNetwork } from "../../testing/networks.ts";
import { compile } from "../compile.ts";

const layers = [
  { shape: { inputs: 256, outputs: 256 }, utilization: 0.94 },
  { shape: { inputs: 64, outputs: 64, kernel: 3, pad: 1 }, utilization: 0.93 },
  { shape: { inputs: 64, outputs: 64, groups: 8, kernel: 3, pad: 1 }, utilization: 0.7 },
];

it.each(layers)("moves features row by row beside a layer that is alone: $shape", ({ shape, utilization }) => {
  const network = convNetwork(shape, 14);
  const program = compile(network, presets.g8m8p7);
  expect(predict(program, memoryModels.ddr).utilization).toBeGreaterThan(utilization);
  const input = new Uint8Array(shape.inputs * 14 * 14).map((_, index) => (index * 89) & 255);
  const [name] = network.outputs;
  expect(interpretProgram(program, input).get(name)).toEqual(runReference(network, input).get(name));
});
