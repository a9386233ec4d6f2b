import { expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { convNetwork } from "../../testing/networks.ts";
import { laidOutOperations } from "../../testing/operations.ts";
import { Geometry } from "../geometry.ts";
import { piecesOf } from "../lower/pieces.ts";
import { segmentsOf } from "../lower/segments.ts";
import { Ring } from "./ring.ts";

it("leaves no room at its end to pieces cut for it", () => {
  const geometry = new Geometry(presets.g8m8p7);
  const [operation] = laidOutOperations(geometry, convNetwork({ inputs: 64, outputs: 128 }, 7));
  const [segment] = segmentsOf(geometry, operation, 0, 16);
  const ring = new Ring("weights", 100, 1);
  ring.take(36, "before");
  const pieces = piecesOf(geometry, operation, segment, 32, ring.copy());
  // Eight words a block: the memory ends after 64 more, the next time after 100.
  expect(pieces.map(({ words }) => words)).toEqual([32, 32, 32, 32]);
  const [, , third] = pieces.map(({ words }) => ring.take(words, "weights"));
  expect(third).toBe(0);
  ring.take(8, "between");
  expect(piecesOf(geometry, operation, segment, 32, ring.copy()).map(({ words }) => words)).toEqual([
    24, 32, 32, 32, 8,
  ]);
});
