import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

describe("vg_skid", () => {
  let skid: CompiledModel;
  beforeAll(async () => {
    skid = await buildModule("vg_skid", { WIDTH: 12 });
  });

  it("passes every word once, in order, holds what is not taken, and keeps both sides apart", () => {
    const steps = fc.array(fc.record({ valid: fc.boolean(), ready: fc.boolean() }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.nat(), (list, seed) => {
        const bench = new Clocked(skid, seed);
        const inside: number[] = [];
        let next = 1;
        for (const { valid, ready } of list) {
          const taken = bench.get("s_ready_o");
          expect(bench.get("m_valid_o")).toBe(Number(inside.length > 0));
          if (inside.length > 0) expect(bench.get("m_data_o")).toBe(inside[0]);
          bench.set("s_valid_i", valid);
          bench.set("s_data_i", next);
          bench.set("m_ready_i", ready);
          bench.settle();
          expect(bench.get("s_ready_o")).toBe(taken); // registered: no path from m_ready_i
          bench.cycle();
          if (ready) inside.shift();
          if (valid && taken === 1) inside.push(next++);
        }
      }),
      { seed: 1 },
    );
  });

  it("moves a word a cycle", () => {
    const bench = new Clocked(skid, 1);
    bench.set("s_valid_i", 1);
    bench.set("m_ready_i", 1);
    for (let word = 0; word < 20; word++) {
      bench.set("s_data_i", word);
      bench.settle();
      expect(bench.get("s_ready_o")).toBe(1);
      bench.cycle();
      expect(bench.get("m_data_o")).toBe(word);
    }
  });
});
