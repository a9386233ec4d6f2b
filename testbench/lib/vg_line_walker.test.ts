import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { lineTransfer } from "./dma-commands.ts";
import { placedWords } from "./dma-model.ts";

describe.each([
  { P: 7, W: 2, DEPTH: 65536 },
  { P: 15, W: 8, DEPTH: 64 },
])("vg_line_walker, $P banks, $W words a beat", ({ P, W, DEPTH }) => {
  let walker: CompiledModel;
  beforeAll(async () => {
    walker = await buildModule("vg_line_walker", { P, W, DEPTH });
  });
  const near = fc.oneof(fc.nat(65535), fc.integer({ min: Math.max(0, DEPTH - 5), max: Math.min(65535, DEPTH + 2) }));

  it("visits the words that the contract says, and knows which are outside", () => {
    const transfer = fc.record({
      lines: fc.integer({ min: 1, max: 8 }),
      columns: fc.integer({ min: 1, max: 40 }),
      base: near,
      lineStride: fc.nat(65535),
      linesPerRow: fc.integer({ min: 1, max: 9 }),
      rowStride: fc.nat(65535),
      firstBank: fc.nat(P - 1),
    });
    fc.assert(
      fc.property(transfer, fc.nat(), (fields, seed) => {
        const bench = new Clocked(walker, seed);
        bench.set("lines_i", fields.lines);
        bench.set("columns_i", fields.columns);
        bench.set("base_i", fields.base);
        bench.set("line_stride_i", fields.lineStride);
        bench.set("lines_per_row_i", fields.linesPerRow);
        bench.set("row_stride_i", fields.rowStride);
        bench.set("first_bank_i", fields.firstBank);
        bench.set("start_i", 1);
        bench.cycle();
        bench.set("start_i", 0);
        // A transfer of beats of G bytes a word: words of one beat follow one another without a gap.
        const shape = {
          G: 8,
          M: 8,
          P,
          R: 2,
          AXI_BITS: 64 * W,
          FEATURE_DEPTH: DEPTH,
          WEIGHT_DEPTH: 16,
          PARAMETER_DEPTH: 16,
        };
        const words = placedWords(shape, lineTransfer("loadFeatures", fields));
        const beats: (typeof words)[] = [];
        for (const word of words) {
          const index = Math.floor(word.offset / (8 * W));
          beats[index] = [...(beats[index] ?? []), word];
        }
        let left = beats.length;
        for (const beat of beats) {
          expect(bench.get("final_o")).toBe(Number(left === 1));
          bench.set("step_i", 1);
          bench.cycle();
          bench.set("step_i", 0);
          if (seed % 3 === 0) bench.cycle();
          expect({
            bank: bench.get("bank_o"),
            addr: bench.get("addr_o"),
            count: bench.get("count_o"),
            outside: bench.get("outside_o"),
            last: bench.get("last_o"),
          }).toEqual({
            bank: beat[0].bank,
            addr: beat[0].addr,
            count: beat.length,
            outside: Number(beat.some(({ addr }) => addr >= DEPTH)),
            last: Number(--left === 0),
          });
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
