import { expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { seededNetwork } from "../../../models/networks/index.ts";
import { memoryModels, predict } from "../../cycle-model/index.ts";
import { compile } from "../compile.ts";
import { extractLayers } from "../extract.ts";
import { Geometry } from "../geometry.ts";
import { inMemoryOrder } from "./order.ts";

const network = seededNetwork("vargnet-v1", { scale: 0.5, inputSize: 224, classes: 10 });
const block = extractLayers(network, network.blocks.get("stage3.down") ?? []);

it("lets an addition free its operand before the shortcut of a Down block makes another tensor", () => {
  const names = inMemoryOrder(new Geometry(presets.g8m8p7), block).layers.map(({ name }) => name);
  const at = ["add_ab", "shortcut.group", "sep_c.group"].map((name) => names.indexOf(`stage3.down/${name}`));
  expect(at.every((index, i) => index > (at[i - 1] ?? -1))).toBe(true);
});

it("keeps a Down block on chip beside its input, additions in place, none waiting for its own pieces", () => {
  // Half of the preset's memory for half of its channels.
  const program = compile(block, { ...presets.g8m8p7, featureDepth: 1900 });
  expect(program.operations.every(({ strips }) => strips === 1)).toBe(true);
  expect(predict(program, memoryModels.ideal).split.waitCompute).toBe(0);
});
