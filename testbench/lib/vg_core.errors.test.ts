import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Command, encodeCommands } from "../../host/isa/index.ts";
import { idealTiming, randomTiming } from "../axi/memory-timing.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildCore, MEMORY_BASE } from "./core-bench.ts";
import { benchOf, expectGoodRun, expectOnlyStoresTouched, good, shape, summary } from "./core-runs.ts";
import { DRAM, end, fixtureCompute, lineTransfer } from "./dma-commands.ts";
import { programs } from "./dma-program.ts";
import { withWaits } from "./dma-waits.ts";

let core: CompiledModel;
beforeAll(async () => {
  core = await buildCore(shape);
});

describe("the command stream", () => {
  const count = good.length;

  it("may end exactly with the window, and END may come before its end", () => {
    const bench = benchOf(core, 1);
    const address = DRAM.size - count * 64;
    expect(summary(bench.run(good, address))).toEqual({ outcome: "done", code: 0, command: 0 });
    expect(summary(bench.run(good, address, { commandCount: 1000 }))).toEqual({ outcome: "done", code: 0, command: 0 });
  });

  it.each([
    ["is not aligned", { commandAddress: DRAM.commands + 32 }, 6, 0],
    ["starts outside of the window", { commandAddress: 0xffffffc0 }, 6, 0],
    ["leaves the window", { memorySize: DRAM.commands + 64 * 3 + 48 }, 6, 3],
    ["is empty", { commandCount: 0 }, 11, 0],
    ["has no END", { commandCount: count - 1 }, 11, count - 1],
  ])("that %s is an error", (_name, settings, code, command) => {
    for (const seed of [1, 2, 3]) {
      const bench = benchOf(core, seed);
      expect(summary(bench.run(good, DRAM.commands, settings))).toEqual({ outcome: "error", code, command });
      expectGoodRun(bench);
    }
  });

  it("may be followed by anything", () => {
    const padded = withWaits(shape, [fixtureCompute({}), ...good.slice(0, -1), end], [1]);
    expect(padded.length % 4).toBe(0); // so that no burst holds END and what follows
    const at = MEMORY_BASE + DRAM.commands + padded.length * 64;
    const bench = benchOf(core, 1, idealTiming, [{ direction: "read", at: { address: at }, effect: "slaveError" }]);
    expect(bench.run(padded, DRAM.commands, { commandCount: padded.length + 8 })).toMatchObject({ outcome: "done" });
  });
});

describe("bus errors", () => {
  it("of any read or write are reported with their command, and the next run is good", () => {
    const arbitrary = fc.record({ commands: programs(shape, 8), victim: fc.nat(), seed: fc.integer() });
    fc.assert(
      fc.property(arbitrary, ({ commands, victim, seed }) => {
        const isStore = (command: Command) => command.kind === "storeFeatures";
        const moves = commands.flatMap((command, index) => ("memoryOffset" in command ? [{ command, index }] : []));
        const { command, index } = moves[victim % moves.length];
        const direction = isStore(command) ? "write" : "read";
        const address = MEMORY_BASE + command.memoryOffset;
        const bench = benchOf(core, seed, randomTiming(seed), [{ direction, at: { address }, effect: "slaveError" }]);
        const result = bench.run(commands, DRAM.commands);
        expect(result).toMatchObject({ outcome: "error", code: direction === "read" ? 8 : 9, info: 2 });
        expect(result.command).toBeLessThanOrEqual(index);
        expect("memoryOffset" in commands[result.command] && isStore(commands[result.command])).toBe(isStore(command));
        expect(bench.memory.outstanding).toEqual({ reads: 0, writes: 0 });
        expect(bench.violations).toEqual([]);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it("of the command stream belong to the command", () => {
    const address = MEMORY_BASE + DRAM.commands + 4 * 64;
    const bench = benchOf(core, 1, idealTiming, [{ direction: "read", at: { address }, effect: "decodeError" }]);
    expect(summary(bench.run(good, DRAM.commands))).toEqual({ outcome: "error", code: 8, command: 4 });
  });
});

describe("a dead bus", () => {
  const busTimeout = 300;

  it.each([
    ["read", 1, "hang", 0],
    ["read", 5, "hang", 1],
    ["write", 0, "hang", 5],
  ] as const)("%s burst %i that is never answered runs into the timeout", (direction, burst, effect, command) => {
    const bench = benchOf(core, 1, idealTiming, [{ direction, at: { burst }, effect }]);
    const result = bench.run(good, DRAM.commands, { busTimeout });
    expect(result).toMatchObject({ outcome: "error", code: 10, info: direction === "read" ? 1 : 2 });
    expect(result.command).toBeGreaterThanOrEqual(command);
    bench.start({ commandAddress: DRAM.commands, commandCount: good.length, busTimeout });
    expect(bench.finish(10)).toMatchObject({ outcome: "error", code: 10 });
  });

  it("recovers with a reset", () => {
    const bench = benchOf(core, 1, idealTiming, [
      { direction: "read", at: { address: MEMORY_BASE + (1 << 15) }, effect: "hang" },
    ]);
    const stuck = [lineTransfer("loadFeatures", { memoryOffset: 1 << 15 }), end];
    expect(summary(bench.run(stuck, DRAM.commands, { busTimeout }))).toEqual({
      outcome: "error",
      code: 10,
      command: 1,
    });
    bench.reset();
    expectGoodRun(bench);
  });

  it("is not suspected while it is only slow", () => {
    const timing = { ...idealTiming, readLatency: { min: 250, max: 250 }, writeLatency: { min: 250, max: 250 } };
    const bench = benchOf(core, 1, timing);
    expect(summary(bench.run(good, DRAM.commands, { busTimeout }))).toMatchObject({ outcome: "done" });
  });
});

describe("abort, reset and start at any time", () => {
  const cases = { commands: programs(shape, 6), at: fc.nat(3000), seed: fc.integer() };

  it("an abort is reported, harms nothing, and the next run is good", () => {
    fc.assert(
      fc.property(fc.record(cases), ({ commands, at, seed }) => {
        const bench = benchOf(core, seed);
        const bytes = encodeCommands(commands);
        bench.memory.storage.bytes.set(bytes, DRAM.commands);
        const was = bench.memory.storage.bytes.slice();
        bench.start({ commandAddress: DRAM.commands, commandCount: commands.length });
        for (let cycle = 0; cycle < at && bench.dut.port("busy_o").get() === 1; cycle++) bench.cycle();
        if (bench.dut.port("busy_o").get() === 1) {
          bench.pulse("abort_i");
          const result = bench.finish();
          // The run may have been at its end already.
          expect([12, 0]).toContain(result.code);
          expect(result.outcome).not.toBe("hang");
        }
        expectOnlyStoresTouched(bench, was);
        expectGoodRun(bench, commands);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it("after a reset in mid-run the next run is good", () => {
    fc.assert(
      fc.property(fc.record(cases), ({ commands, at, seed }) => {
        const bench = benchOf(core, seed);
        bench.memory.storage.bytes.set(encodeCommands(commands), DRAM.commands);
        bench.start({ commandAddress: DRAM.commands, commandCount: commands.length });
        for (let cycle = 0; cycle < at; cycle++) bench.cycle();
        bench.reset();
        expectGoodRun(bench, commands);
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  it("a start while busy is ignored", () => {
    const bench = benchOf(core, 1);
    bench.memory.storage.bytes.set(encodeCommands(good), DRAM.commands);
    bench.start({ commandAddress: DRAM.commands, commandCount: good.length });
    for (let cycle = 0; cycle < 200; cycle++) bench.cycle();
    bench.pulse("start_i");
    expect(bench.finish()).toMatchObject({ outcome: "done", counters: { COMMANDS: good.length } });
  });
});
