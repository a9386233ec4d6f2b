import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { ComputeBench } from "./compute-bench.ts";
import { computeShapes } from "./compute-cases.ts";
import { plainCompute } from "./compute-command.ts";
import { stats, TO_DRAIN, TO_WRITE } from "./compute-timing.ts";

const int = (min: number, max: number) => fc.integer({ min, max });
const size = fc.record({
  ...{ kernelHeight: int(1, 3), kernelWidth: int(1, 2), channelGroups: int(1, 3) },
  ...{ blocks: int(1, 2), rows: int(1, 3), tiles: int(1, 3), upsample: fc.boolean() },
});

describe.each([computeShapes[0], computeShapes[1]])("vg_compute with G $G, M $M, P $P, R $R", (shape) => {
  const tileMin = Math.max(shape.M / shape.R, 2 * Math.max(1, shape.M / shape.G));
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_compute", { ...shape });
  });

  it("takes max(K, TILE_MIN) cycles for each tile, twice TILE_MIN if upsampled, of commands whose waits are met", () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 6 }), (sizes) => {
        // A command of a single beat is over before the next one's waits have been looked at: one cycle more.
        const tiles = sizes.map((s) => s.blocks * s.rows * s.tiles);
        const k = sizes.map((s) => s.kernelHeight * s.kernelWidth * s.channelGroups);
        fc.pre(sizes.every((_, i) => tiles[i] * k[i] > 1));
        const bench = new ComputeBench(model, shape, 1);
        const commands = sizes.map((s, index) => ({ fields: { ...plainCompute, ...s }, index }));
        const { cycles, tileEnds, counts } = bench.run(commands);
        // The gap behind a tile is that of its own command; nothing precedes the first one.
        const gaps = sizes.map(({ upsample }) => (upsample ? 2 * tileMin : tileMin));
        const before = sizes.map((_, i) => (i === 0 ? 0 : gaps[i - 1]));
        const issue = k.reduce(
          (sum, each, i) => sum + Math.max(each, before[i]) + (tiles[i] - 1) * Math.max(each, gaps[i]),
          0,
        );
        // Looked at in cycle 0, taken in 1.
        expect(tileEnds.at(-1)).toBe(1 + issue);
        const again = sizes.at(-1)?.upsample === true ? tileMin : 0;
        expect(cycles).toBe(1 + (tileEnds.at(-1) ?? 0) + TO_DRAIN + again + shape.M / shape.R - 1 + TO_WRITE + 1);
        expect(counts.busy).toBe(k.reduce((sum, each, i) => sum + tiles[i] * each, 0));
        expect(counts.wait_drain).toBe(issue - counts.busy);
      }),
      { seed: 1, numRuns: 15 },
    );
  });

  it("waits for each engine's count, also around 2^16, and accounts every cycle to one cause", () => {
    const totals = Object.fromEntries(stats.map((name) => [name, 0]));
    const command = fc.record({ size, load: int(-20, 60), compute: fc.boolean(), store: int(-20, 60) });
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 0x7ff0, 0xfff0),
        fc.constantFrom(0, 0x7ff0, 0xfff0),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (list, loadBase, storeBase, offers) => {
          const bench = new ComputeBench(model, shape, 2);
          const commands = list.map((each, index) => {
            const waits = { waitLoad: loadBase + each.load, waitStore: storeBase + each.store };
            const fields = { ...plainCompute, ...each.size, ...waits, waitCompute: each.compute ? index : 0 };
            return { fields, index };
          });
          const { cycles, counts } = bench.run(commands, {
            doneLoad: (cycle) => (loadBase + Math.floor(cycle / 5)) & 0xffff,
            doneStore: (cycle) => (storeBase + Math.floor(cycle / 7)) & 0xffff,
            offer: (cycle) => offers[cycle] ?? true,
          });
          for (const name of stats) totals[name] += counts[name];
          expect(stats.reduce((sum, name) => sum + counts[name], 0)).toBe(cycles);
        },
      ),
      { seed: 2, numRuns: 25 },
    );
    for (const name of stats) expect(totals[name], name).toBeGreaterThan(0);
  });
});
