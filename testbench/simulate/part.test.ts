import { expect, it } from "vitest";
import { networkProblems } from "../../models/ir/validate.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { partOf } from "./part.ts";

const network = seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 32, classes: 10 });

it("cuts every block and every layer with one input out of a network", () => {
  for (const block of network.blocks.keys()) {
    const part = partOf(network, { block });
    expect(networkProblems(part)).toEqual([]);
    expect(part.layers.map((layer) => layer.name)).toEqual(network.blocks.get(block));
    expect([...part.blocks.keys()]).toEqual([block]);
  }
  for (const layer of network.layers.filter((one) => one.kind !== "add")) {
    const part = partOf(network, { layer: layer.name });
    expect(networkProblems(part)).toEqual([]);
    expect(part.outputs).toEqual([layer.output]);
  }
});

it("explains what cannot run alone", () => {
  expect(() => partOf(network, { layer: "stage1.down/add" })).toThrow(
    /reads 2 tensors from outside.*--block stage1\.down/,
  );
  expect(() => partOf(network, { block: "stage9" })).toThrow(/no such block.*stage1\.down/);
  expect(() => partOf(network, { layer: "nonsense" })).toThrow(/no such layer.*conv1/);
});
