import { expect, it } from "vitest";
import { graphShapes } from "../graph/index.ts";
import { networkGraph, seededNetwork } from "../networks/index.ts";
import { resizedNetwork } from "./resize.ts";

it("gives every tensor its extents on another input, and keeps layers, outputs and blocks", () => {
  const options = { scale: 0.25, inputSize: 64 };
  const small = seededNetwork("vargnet-v1-parsing", options);
  const resized = resizedNetwork(small, { height: 64, width: 192 });
  const shapes = graphShapes(networkGraph("vargnet-v1-parsing", { scale: 0.25, inputHeight: 64, inputWidth: 192 }));
  for (const [name, shape] of shapes) expect(resized.tensors.get(name)?.shape, name).toEqual(shape);
  expect(resized.layers).toEqual(small.layers);
  expect(resized).toMatchObject({ outputs: small.outputs, blocks: small.blocks });
});

it("refuses fully connected layers whose weights would not do", () => {
  const face = seededNetwork("vargnet-v1-face", { scale: 0.25, inputSize: 32 });
  expect(() => resizedNetwork(face, { height: 64, width: 64 })).toThrow(/embedding: .*weights where/);
});
