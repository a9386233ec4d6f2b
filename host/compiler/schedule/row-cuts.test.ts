import { expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { convNetwork } from "../../testing/networks.ts";
import { laidOutOperations } from "../../testing/operations.ts";
import { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import { RowCuts } from "./row-cuts.ts";

function operation(input: string, output: string, kernel: number, stride = 1): Operation {
  const shape = { inputs: 8, outputs: 8, kernel, stride, pad: kernel >> 1 };
  const [laidOut] = laidOutOperations(new Geometry(presets.g8m8p7), convNetwork(shape, 14));
  return { ...laidOut, input: { ...laidOut.input, tensor: input }, output: { ...laidOut.output, tensor: output } };
}

it("cuts first pieces where the input was ready early, last ones in the middle", () => {
  const cuts = new RowCuts();
  expect(cuts.cut(operation("x", "a", 1), 1)).toEqual([
    [
      [0, 7],
      [7, 14],
    ],
  ]);
  expect(cuts.cut(operation("a", "b", 3), 3)).toEqual([
    [
      [0, 6],
      [6, 14],
    ],
    [[0, 14]],
    [
      [0, 7],
      [7, 14],
    ],
  ]);
  // Six of the 3x3's seven early rows follow from b's seven; in one piece the end moves there too.
  expect(cuts.cut(operation("b", "c", 3), 1)).toEqual([
    [
      [0, 6],
      [6, 14],
    ],
  ]);
  // Stride 2 and five rows of taps: two rows follow from c's six.
  expect(cuts.cut(operation("c", "d", 5, 2), 1)).toEqual([
    [
      [0, 2],
      [2, 7],
    ],
  ]);
  // One of fourteen rows follows from d's two: too few to end with as well.
  expect(cuts.cut(operation("d", "e", 3), 1)).toEqual([
    [
      [0, 1],
      [1, 7],
      [7, 14],
    ],
  ]);
});

it("does not cut a single row", () => {
  const pooled = { ...operation("x", "y", 1), outputShape: { channels: 8, height: 1, width: 1 } };
  expect(new RowCuts().cut(pooled, 2)).toEqual([[[0, 1]], [[0, 1]]]);
});
