import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, type Extent, fitIntoGaps, gapsBetween, wordsAlive } from "./allocate.ts";

const extents = fc
  .array(
    fc.record({
      words: fc.integer({ min: 1, max: 40 }),
      first: fc.integer({ min: 0, max: 8 }),
      length: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 14 },
  )
  .map((list) =>
    list.map(({ words, first, length }, i): Extent => ({ name: `t${i}`, words, first, last: first + length })),
  );

describe("allocate", () => {
  it("keeps what lives together apart and inside the memory, or names an extent", () => {
    let placed = 0;
    const property = fc.property(extents, (list) => {
      const depth = 100;
      const result = allocate(list, depth);
      if ("failed" in result) {
        expect(list).toContain(result.failed);
        return;
      }
      placed++;
      const at = (extent: Extent): number => result.bases.get(extent.name) ?? Number.NaN;
      for (const a of list) {
        expect(at(a) >= 0 && at(a) + a.words <= depth).toBe(true);
        for (const b of list) {
          if (a === b || a.last < b.first || b.last < a.first) continue;
          expect(at(a) + a.words <= at(b) || at(b) + b.words <= at(a)).toBe(true);
        }
      }
    });
    fc.assert(property, { seed: 41, numRuns: 500 });
    expect(placed).toBeGreaterThan(200);
  });

  it("tries other orders when the largest first leaves gaps that are too small", () => {
    const list = [
      { name: "x", words: 18, first: 0, last: 5 },
      { name: "sum", words: 9, first: 3, last: 8 },
      { name: "short", words: 9, first: 5, last: 6 },
      { name: "shortcut", words: 9, first: 6, last: 9 },
      { name: "wide", words: 18, first: 7, last: 8 },
    ];
    expect(Math.max(...list.map(({ first }) => wordsAlive(list, first)))).toBe(36);
    expect(allocate(list, 41)).toHaveProperty("bases");
  });
});

describe("gaps", () => {
  it("are what is not taken", () => {
    const taken = [
      { start: 10, end: 20 },
      { start: 0, end: 5 },
    ];
    expect(gapsBetween(taken, 30)).toEqual([
      { start: 5, end: 10 },
      { start: 20, end: 30 },
    ]);
    expect(fitIntoGaps(gapsBetween(taken, 30), [4, 6, 3])).toEqual([26, 20, 5]);
    expect(fitIntoGaps(gapsBetween(taken, 30), [11])).toBeUndefined();
  });
});
