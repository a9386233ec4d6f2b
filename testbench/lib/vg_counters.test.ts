import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

describe("vg_counters", () => {
  let counters: CompiledModel;
  beforeAll(async () => {
    counters = await buildModule("vg_counters");
  });

  it("counts cycles, events and commands while it runs", () => {
    const step = fc.record({ run: fc.boolean(), events: fc.nat(1023), completed: fc.nat(15), clear: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
        const bench = new Clocked(counters, seed);
        bench.set("clear_i", 1);
        bench.cycle();
        let [cycles, commands] = [0, 0];
        const counts = new Array<number>(10).fill(0);
        for (const { run, events, completed, clear } of steps) {
          bench.set("run_i", run);
          bench.set("events_i", events);
          bench.set("completed_i", completed);
          bench.set("clear_i", clear === 0);
          bench.cycle();
          if (clear === 0) {
            [cycles, commands] = [0, 0];
            counts.fill(0);
          } else if (run) {
            cycles++;
            for (let bit = 0; bit < 4; bit++) commands += (completed >> bit) & 1;
            for (let bit = 0; bit < 10; bit++) counts[bit] += (events >> bit) & 1;
          }
        }
        expect([bench.get("cycles_o"), bench.get("commands_o")]).toEqual([cycles, commands]);
        expect(bench.port("counts_o").getLanes(32, false)).toEqual(counts);
      }),
      { seed: 1 },
    );
  });
});
