import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

describe("vg_control", () => {
  let control: CompiledModel;
  beforeAll(async () => {
    control = await buildModule("vg_control");
  });

  function idle(seed: number): Clocked {
    const bench = new Clocked(control, seed);
    bench.set("bus_idle_i", 1);
    bench.set("compute_idle_i", 1);
    bench.set("next_index_i", 42);
    bench.port("codes_i").setLanes(8, [11, 12, 13, 14]);
    bench.port("indices_i").setLanes(32, [21, 22, 23, 24]);
    bench.port("infos_i").setLanes(32, [31, 32, 33, 34]);
    return bench;
  }

  function pulse(bench: Clocked, name: string, value = 1): void {
    bench.set(name, value);
    bench.cycle();
    bench.set(name, 0);
  }

  function running(seed: number): Clocked {
    const bench = idle(seed);
    pulse(bench, "start_i");
    expect([bench.get("busy_o"), bench.get("clear_o"), bench.get("halt_o")]).toEqual([1, 1, 1]);
    bench.cycle();
    expect([bench.get("busy_o"), bench.get("clear_o"), bench.get("halt_o")]).toEqual([1, 0, 0]);
    return bench;
  }

  /** Cycles until done or error, and what it was. */
  function report(bench: Clocked, limit = 300): { cycles: number; done: number; error: readonly number[] } {
    let cycles = 0;
    for (; bench.get("done_o") + bench.get("error_o") === 0 && cycles < limit; cycles++) bench.cycle();
    const error = ["error_o", "error_code_o", "error_command_o", "error_info_o"].map((name) => bench.get(name));
    return { cycles, done: bench.get("done_o"), error };
  }

  it("ends a run when the bus is at rest", () => {
    const bench = running(1);
    bench.set("bus_idle_i", 0);
    bench.set("end_i", 1);
    for (let cycle = 0; cycle < 50; cycle++) bench.cycle();
    expect([bench.get("busy_o"), bench.get("halt_o"), bench.get("done_o")]).toEqual([1, 1, 0]);
    bench.set("bus_idle_i", 1);
    expect(report(bench)).toMatchObject({ done: 1, error: [0, 0, 0, 0] });
    bench.cycle();
    expect([bench.get("busy_o"), bench.get("done_o")]).toEqual([0, 0]);
  });

  it.each([1, 2, 3, 4])("keeps the first error, the highest rank first (source %i)", (source) => {
    const bench = running(source);
    pulse(bench, "error_i", (15 << (source - 1)) & 15);
    pulse(bench, "error_i", 15);
    pulse(bench, "abort_i");
    expect(report(bench)).toMatchObject({ done: 0, error: [1, 10 + source, 20 + source, 30 + source] });
  });

  it("waits for the compute engine after an error, but not for ever", () => {
    const bench = running(1);
    bench.set("compute_idle_i", 0);
    pulse(bench, "error_i", 1);
    const { cycles, error } = report(bench);
    expect(error[0]).toBe(1);
    expect(cycles).toBeGreaterThan(100);
    expect(cycles).toBeLessThan(140);
  });

  it.each([0, 1, 5])("aborts %i cycles into the run", (delay) => {
    const bench = idle(delay);
    pulse(bench, "start_i");
    for (let cycle = 0; cycle < delay; cycle++) bench.cycle();
    pulse(bench, "abort_i");
    expect(report(bench).error).toEqual([1, 12, 42, 0]);
  });

  it("reports a dead bus without waiting for it, again at each start, and recovers when the bus does", () => {
    const bench = running(1);
    bench.set("bus_idle_i", 0);
    bench.set("write_expired_i", 1);
    const first = report(bench);
    expect(first.error).toEqual([1, 10, 42, 2]);
    expect(first.cycles).toBeLessThan(5);
    bench.cycle();
    pulse(bench, "start_i");
    expect(report(bench).error.slice(0, 2)).toEqual([1, 10]);
    bench.set("bus_idle_i", 1);
    bench.set("write_expired_i", 0);
    bench.cycle();
    pulse(bench, "start_i");
    pulse(bench, "end_i");
    bench.set("end_i", 1);
    expect(report(bench)).toMatchObject({ done: 1, error: [0, 0, 0, 0] });
  });

  it("turns a timeout after END into an error", () => {
    const bench = running(1);
    bench.set("bus_idle_i", 0);
    pulse(bench, "end_i");
    bench.set("read_expired_i", 1);
    expect(report(bench)).toMatchObject({ done: 0, error: [1, 10, 42, 1] });
  });

  it("ignores a start while busy and an abort while idle", () => {
    const bench = running(1);
    pulse(bench, "start_i");
    expect([bench.get("clear_o"), bench.get("halt_o")]).toEqual([0, 0]);
    pulse(bench, "end_i");
    expect(report(bench).done).toBe(1);
    bench.cycle();
    pulse(bench, "abort_i");
    expect([bench.get("busy_o"), bench.get("error_o")]).toEqual([0, 0]);
  });
});
