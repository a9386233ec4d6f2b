import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

describe("vg_bus_watch", () => {
  let watch: CompiledModel;
  beforeAll(async () => {
    watch = await buildModule("vg_bus_watch");
  });

  function benchOf(timeout: number): Clocked {
    const bench = new Clocked(watch, 1);
    bench.set("timeout_i", timeout);
    bench.cycle();
    return bench;
  }

  it.each([1, 2, 100])("expires after more than %i cycles without progress", (timeout) => {
    const bench = benchOf(timeout);
    bench.set("waiting_i", 1);
    let cycles = 0;
    for (; bench.get("expired_o") === 0 && cycles < 1000; cycles++) bench.cycle();
    expect(cycles).toBe(timeout + 1);
    for (let cycle = 0; cycle < 10; cycle++) bench.cycle();
    expect(bench.get("expired_o")).toBe(1);
  });

  it.each(["progress_i", "clear_i", "waiting_i"])("%s restarts it", (name) => {
    const bench = benchOf(20);
    bench.set("waiting_i", 1);
    for (let cycle = 0; cycle < 200; cycle++) {
      bench.set(name, Number(cycle % 20 === 19) ^ Number(name === "waiting_i"));
      bench.cycle();
      expect(bench.get("expired_o")).toBe(0);
    }
  });

  it("never expires with a timeout of 0", () => {
    const bench = benchOf(0);
    bench.set("waiting_i", 1);
    for (let cycle = 0; cycle < 1000; cycle++) bench.cycle();
    expect(bench.get("expired_o")).toBe(0);
  });
});
