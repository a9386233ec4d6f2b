import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { randomBounds } from "./arithmetic.ts";
import { runDrain } from "./drain-bench.ts";
import {
  DrainMemories,
  type DrainShape,
  type Expected,
  FEATURE_DEPTH,
  PARAMETER_DEPTH,
  type Tile,
  tileMinimum,
} from "./drain-model.ts";

const shapes: readonly DrainShape[] = [
  { G: 8, M: 8, P: 5, R: 2 },
  { G: 16, M: 4, P: 1, R: 1 },
  { G: 4, M: 16, P: 1, R: 4 },
  { G: 8, M: 2, P: 3, R: 2 },
];

/**
 * Random tiles of all kinds, the given number of cycles (at least 0) beyond what the drain needs after one another;
 * addresses within the memories. @param residuals share of residual tiles; of the others every third is upsampled, every fifth a sum of columns
 */
function randomTiles(
  shape: DrainShape,
  spacing: readonly number[],
  residuals: number,
  magnitude: number,
  seed: number,
) {
  const { G, M, P, R } = shape;
  const random = new Random(seed);
  const words = Math.max(1, M / G);
  const tileMin = tileMinimum(shape);
  let free = 12 + tileMin;
  return spacing.map((beyond, index): Tile => {
    const capture = free + beyond;
    const add = random.real() < residuals;
    const max = random.real() < (add ? 0.4 : 0.2);
    const upsample = !add && !max && random.real() < 0.4;
    const partial = !add && !max && !upsample && random.real() < 0.1;
    free = capture + (upsample ? 2 : 1) * tileMin;
    const stride = () => random.integer(0, Math.floor(FEATURE_DEPTH / words) - 2);
    const [outCgStride, residualCgStride] = [stride(), stride()];
    const base = (cgStride: number) => random.integer(0, Math.max(0, FEATURE_DEPTH - 2 - cgStride * (words - 1)));
    return {
      ...{ capture, index, outCgStride, residualCgStride, lastTile: random.real() < 0.3 },
      ...{ out: base(outCgStride), residual: base(residualCgStride) },
      parameter: random.integer(0, PARAMETER_DEPTH - M / R),
      phase: M * random.integer(0, Math.max(1, G / M) - 1),
      ...{ add, max, upsample, partial, tableBank: random.integer(0, 1) },
      ...{ first: randomBounds(random), second: randomBounds(random) },
      sums: Array.from({ length: M }, () =>
        Array.from({ length: P }, () => Math.round(((random.real() * 2 - 1) * magnitude) / (max && !add ? P : 1))),
      ),
    };
  });
}

describe.each(shapes)("vg_drain with G $G, M $M, P $P, R $R", (shape) => {
  const tileMin = tileMinimum(shape);
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_drain", { ...shape, TILE_MIN: tileMin, FEATURE_DEPTH, PARAMETER_DEPTH });
  });

  /** Mostly one spacing, because only a steady one brings reads and writes into a lasting conflict. */
  const spacings = fc
    .tuple(fc.integer({ min: 0, max: 16 }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 60 }))
    .map(([steady, jitter]) => jitter.map((extra) => steady + (extra === 3 ? 1 : 0)));

  it("writes every word 15 cycles after its last step's sums, exact", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        spacings,
        fc.constantFrom(0, 0.5, 1),
        fc.integer({ min: 4, max: 25 }),
        fc.integer(),
        (gaps, residuals, bits, seed) => {
          const memories = new DrainMemories(shape, 2 ** bits, seed);
          const tiles = randomTiles(shape, gaps, residuals, 2 ** bits, seed);
          const expected = new Map<number, Expected>();
          for (const tile of tiles) memories.expect(tile, expected);
          compared += runDrain(model, memories, tiles, { seed, expected });
        },
      ),
      { seed: 1, numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(5000);
  });

  it("serves residual reads in time at every steady spacing", () => {
    for (let spacing = 0; spacing < 24; spacing++) {
      const memories = new DrainMemories(shape, 1000, spacing);
      // All of them residual, or half of them behind and before tiles of the other kinds.
      for (const residuals of [1, 0.5]) {
        const tiles = randomTiles(shape, Array<number>(24).fill(spacing), residuals, 1000, spacing);
        const expected = new Map<number, Expected>();
        for (const tile of tiles) memories.expect(tile, expected);
        runDrain(model, memories, tiles, { seed: spacing, expected });
      }
    }
  });

  it("reports addresses beyond the memories with the command's index, and writes no such word", () => {
    fc.assert(
      fc.property(spacings, fc.integer(), (gaps, seed) => {
        const memories = new DrainMemories(shape, 1000, seed);
        const random = new Random(seed);
        const beyond = (inside: number, depth: number) =>
          random.real() < 0.2 ? random.integer(depth - 2, depth + 2) : random.real() < 0.1 ? 0xffff : inside;
        const tiles = randomTiles(shape, gaps, 0.5, 1000, seed).map((tile) => ({
          ...tile,
          out: beyond(tile.out, FEATURE_DEPTH),
          residual: beyond(tile.residual, FEATURE_DEPTH),
          parameter: beyond(tile.parameter, PARAMETER_DEPTH),
          index: random.integer(0, 2 ** 32 - 1),
        }));
        const expected = new Map<number, Expected>();
        for (const tile of tiles) memories.expect(tile, expected);
        runDrain(model, memories, tiles, { seed, expected });
      }),
      { seed: 3, numRuns: 25 },
    );
  });

  it("forgets everything at a reset, wherever the tiles are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer(),
        (after, later, seed) => {
          const memories = new DrainMemories(shape, 1000, seed);
          const spacing = (cycles: number) => Array<number>(12).fill(cycles);
          const resetAt = 12 + after;
          const pending = randomTiles(shape, spacing(0), 0.5, 1000, seed);
          const expected = new Map<number, Expected>();
          for (const tile of pending) memories.expect(tile, expected);
          // What was on its way is gone; the sequencer's next tile takes at least twelve cycles to get here.
          for (const cycle of [...expected.keys()].filter((cycle) => cycle > resetAt)) expected.delete(cycle);
          const first = resetAt + 12 + later;
          const fresh = randomTiles(shape, [first - 12 - tileMin, ...spacing(1)], 1, 1000, seed + 1);
          for (const tile of fresh) memories.expect(tile, expected);
          const cutOff = pending.filter((tile) => tile.capture <= resetAt);
          runDrain(model, memories, [...cutOff, ...fresh], { seed, expected, resetAt });
        },
      ),
      { seed: 4, numRuns: 30 },
    );
  });
});
