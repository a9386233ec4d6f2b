import { expect, it } from "vitest";
import type { Storage } from "../layout/storage.ts";
import { cutAtRings, exactAccess, featureAccess, lineAddress, residentView, ringView } from "./view.ts";

const storage: Storage = { name: "map", height: 10, width: 14, pitch: 2, groups: 3, parts: [] };
const region = { firstRow: 3, endRow: 6, firstGroup: 1, endGroup: 2 };

it("puts rows of a ring where others were, those before the map included", () => {
  const view = ringView(storage, 100, 4);
  expect([-1, 0, 3, 4, 9].map((row) => lineAddress(view, row, 0))).toEqual([118, 100, 118, 100, 106]);
  expect(cutAtRings([view, undefined, ringView(storage, 0, 3)], 2, 9)).toEqual([
    [2, 3],
    [3, 4],
    [4, 6],
    [6, 8],
    [8, 9],
  ]);
  const ranges = featureAccess(view, region).map(({ start, end }) => [start, end]);
  expect(ranges).toEqual([
    [120, 122],
    [102, 110],
  ]);
});

it("needs no ring where all rows fit, and tells words between lines from those of lines", () => {
  const view = residentView(storage, 100);
  expect(ringView(storage, 100, 10)).toEqual(view);
  expect(featureAccess(view, region).map(({ start, end }) => [start, end])).toEqual([[120, 134]]);
  expect(exactAccess(view, region).map(({ start, end }) => [start, end])).toEqual([
    [120, 122],
    [126, 128],
    [132, 134],
  ]);
});
