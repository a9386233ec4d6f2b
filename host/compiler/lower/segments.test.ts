import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { type ConvShape, convNetwork } from "../../testing/networks.ts";
import { laidOutOperations } from "../../testing/operations.ts";
import { Geometry } from "../geometry.ts";
import type { Operation } from "./operation.ts";
import { piecesOf } from "./pieces.ts";
import { segmentsOf } from "./segments.ts";

const operationOf = (geometry: Geometry, shape: ConvShape): Operation =>
  laidOutOperations(geometry, convNetwork(shape, 4))[0];
const cut = (preset: keyof typeof presets, shape: ConvShape) => {
  const geometry = new Geometry(presets[preset]);
  return segmentsOf(geometry, operationOf(geometry, shape), 0, geometry.blocks(shape.outputs));
};

describe("segmentsOf", () => {
  it("takes a group convolution of G in, 2G out as one run with one channel group a tap", () => {
    const [segment, ...more] = cut("g8m8p7", { inputs: 32, outputs: 64, groups: 4 });
    expect(more).toEqual([]);
    expect(segment).toMatchObject({ blocks: 8, channelGroups: 1, blocksPerGroup: 2, groupStep: 1 });
  });

  it("takes dense, depthwise and narrow groups as one run", () => {
    expect(cut("g8m8p7", { inputs: 32, outputs: 40 })).toMatchObject([{ blocks: 5, channelGroups: 4, groupStep: 0 }]);
    expect(cut("g8m8p7", { inputs: 32, outputs: 32, groups: 32 })).toMatchObject([
      { blocks: 4, channelGroups: 1, blocksPerGroup: 1, groupStep: 1 },
    ]);
    expect(cut("g8m16p7", { inputs: 32, outputs: 32, groups: 4 })).toMatchObject([
      { blocks: 2, channelGroups: 2, blocksPerGroup: 1, groupStep: 2 },
    ]);
    expect(cut("g8m1p1", { inputs: 16, outputs: 32, groups: 2 })).toMatchObject([
      { blocks: 32, channelGroups: 1, blocksPerGroup: 16, groupStep: 1 },
    ]);
  });

  it("covers all blocks, and every input of every block, whatever the groups", () => {
    const shapes = fc.record({
      groups: fc.integer({ min: 1, max: 6 }),
      inputs: fc.integer({ min: 1, max: 20 }),
      outputs: fc.integer({ min: 1, max: 20 }),
      preset: fc.constantFrom(...(Object.keys(presets) as (keyof typeof presets)[])),
      budget: fc.integer({ min: 1, max: 60 }),
    });
    const property = fc.property(shapes, ({ groups, inputs, outputs, preset, budget }) => {
      const geometry = new Geometry(presets[preset]);
      const operation = operationOf(geometry, { inputs: groups * inputs, outputs: groups * outputs, groups });
      const segments = segmentsOf(geometry, operation, 0, geometry.blocks(groups * outputs));
      const pieces = segments.flatMap((segment) => piecesOf(geometry, operation, segment, budget));
      let next = 0;
      for (const piece of pieces) {
        expect(piece.firstBlock).toBe(next);
        expect(piece.firstBlock % geometry.blocksPerWord).toBe(0);
        for (let i = 0; i < piece.blocks; i++) {
          const first = piece.firstGroup + Math.floor(i / piece.blocksPerGroup) * piece.groupStep;
          for (let m = 0; m < geometry.blockChannels; m++) {
            const output = (piece.firstBlock + i) * geometry.blockChannels + m;
            if (output >= groups * outputs) continue;
            const input = Math.floor(output / outputs) * inputs;
            expect(Math.floor(input / geometry.lanes)).toBeGreaterThanOrEqual(first);
            expect(Math.floor((input + inputs - 1) / geometry.lanes)).toBeLessThan(first + piece.channelGroups);
          }
        }
        next += piece.blocks;
      }
      expect(next).toBe(geometry.blocks(groups * outputs));
    });
    fc.assert(property, { seed: 31, numRuns: 400 });
  });
});
