import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

describe("vg_word_walker", () => {
  let walker: CompiledModel;
  beforeAll(async () => {
    walker = await buildModule("vg_word_walker");
  });

  it("counts slices, then words", () => {
    const load = fc.record({
      slices: fc.integer({ min: 1, max: 256 }),
      words: fc.integer({ min: 1, max: 20 }),
      first: fc.nat(65535),
    });
    fc.assert(
      fc.property(load, ({ slices, words, first }) => {
        const bench = new Clocked(walker, 1);
        const beats = slices * words;
        bench.set("beats_i", beats);
        bench.set("first_i", first);
        bench.set("last_slice_i", slices - 1);
        bench.set("start_i", 1);
        bench.cycle();
        bench.set("start_i", 0);
        bench.set("step_i", 1);
        for (let beat = 0; beat < beats; beat++) {
          expect(bench.get("final_o")).toBe(Number(beat === beats - 1));
          bench.cycle();
          const place = { word: bench.get("word_o"), slice: bench.get("slice_o"), last: bench.get("last_o") };
          const word = (first + Math.floor(beat / slices)) % 65536;
          expect(place).toEqual({ word, slice: beat % slices, last: Number(beat === beats - 1) });
        }
      }),
      { seed: 1 },
    );
  });
});
