import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

const action = fc.record({ write: fc.boolean(), read: fc.boolean(), clear: fc.integer({ min: 0, max: 30 }) });

describe.each([
  { WIDTH: 1, DEPTH: 1 },
  { WIDTH: 40, DEPTH: 5 },
])("vg_fifo, $DEPTH entries of $WIDTH bits", (parameters) => {
  let fifo: CompiledModel;
  beforeAll(async () => {
    fifo = await buildModule("vg_fifo", parameters);
  });

  it("does what a queue does", () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 200 }), fc.nat(), (actions, seed) => {
        const bench = new Clocked(fifo, seed);
        const queue: number[] = [];
        actions.forEach(({ write, read, clear }, index) => {
          const word = (index * 0x9e3779b97) % 2 ** parameters.WIDTH;
          bench.set("wr_valid_i", write);
          bench.set("wr_data_i", word);
          bench.set("rd_ready_i", read);
          bench.set("clear_i", clear === 0);
          bench.settle();
          const room = queue.length < parameters.DEPTH;
          expect(bench.get("count_o")).toBe(queue.length);
          expect(bench.get("wr_ready_o")).toBe(Number(room));
          expect(bench.get("rd_valid_o")).toBe(Number(queue.length > 0));
          if (queue.length > 0) expect(bench.get("rd_data_o")).toBe(queue[0]);
          bench.cycle();
          if (read) queue.shift();
          if (write && room) queue.push(word);
          if (clear === 0) queue.length = 0;
        });
      }),
      { seed: 1 },
    );
  });
});
