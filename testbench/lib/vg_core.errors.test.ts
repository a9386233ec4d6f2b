import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Command, encodeCommands } from "../../host/isa/index.ts";
import type { Fault } from "../axi/faults.ts";
import { idealTiming, type MemoryTiming, randomTiming } from "../axi/memory-timing.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildCore, CoreBench, type CoreResult, MEMORY_BASE } from "./core-bench.ts";
import { DmaModel, type DmaShape } from "./dma-model.ts";
import {
  DRAM,
  dumpAll,
  end,
  fillAll,
  fixtureCompute,
  lineTransfer,
  programs,
  randomBytes,
  withWaits,
} from "./dma-program.ts";

const shape: DmaShape = {
  ...{ G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 64, WEIGHT_DEPTH: 24, PARAMETER_DEPTH: 16 },
};
const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };
const good = withWaits(shape, [...fillAll(shape), dumpAll(shape), end], [1]);

let core: CompiledModel;
beforeAll(async () => {
  core = await buildCore(shape);
});

function benchOf(seed: number, timing: MemoryTiming = randomTiming(seed), faults: readonly Fault[] = []): CoreBench {
  const bench = new CoreBench(core, seed, DRAM.size, timing, faults);
  bench.memory.storage.bytes.set(randomBytes(DRAM.size, seed));
  return bench;
}

/** Runs a program that must succeed and compares all of DRAM with the model. */
function expectGoodRun(bench: CoreBench, commands: readonly Command[] = good): void {
  const bytes = bench.memory.storage.bytes;
  bytes.set(encodeCommands(commands), DRAM.commands);
  const model = new DmaModel(shape, bytes.slice());
  expect(bench.run(commands, DRAM.commands)).toMatchObject({ outcome: "done", code: 0 });
  for (const command of commands) model.execute(command);
  expect(Buffer.compare(bytes, model.dram)).toBe(0);
  expect(bench.violations).toEqual([]);
}

/** Everything outside of the region that stores may touch is as before. */
function expectOnlyStoresTouched(bench: CoreBench, before: Uint8Array): void {
  const bytes = bench.memory.storage.bytes;
  expect(Buffer.compare(bytes.subarray(0, DRAM.stores), before.subarray(0, DRAM.stores))).toBe(0);
  expect(Buffer.compare(bytes.subarray(DRAM.commands), before.subarray(DRAM.commands))).toBe(0);
}

function summary({ outcome, code, command }: CoreResult) {
  return { outcome, code, command };
}

/** A command of 16 words, some replaced, as bytes. */
function patched(command: Command, words: Readonly<Record<number, number>>): Uint8Array {
  const bytes = encodeCommands([command]);
  const view = new DataView(bytes.buffer);
  for (const [word, value] of Object.entries(words)) view.setUint32(Number(word) * 4, value, true);
  return bytes;
}

const load = lineTransfer("loadFeatures", { columns: 3 });
const store = lineTransfer("storeFeatures", { columns: 3, memoryOffset: DRAM.stores });
const weights: Command = { kind: "loadWeights", ...noWaits, memoryOffset: 0, beats: 4, firstWord: 0 };
const parameters: Command = { kind: "loadParameters", ...noWaits, memoryOffset: 0, beats: 2, firstWord: 0 };
const tables: Command = { kind: "loadTables", ...noWaits, memoryOffset: 0, beats: 256, bank: 0 };
const compute = fixtureCompute({});
const top = DRAM.size - 16;
const lines = (count: number, columns: number) => count + columns * 65536;

/** Illegal commands: what is wrong, the command, words replaced, code, info. */
const illegal: readonly (readonly [string, Command, Readonly<Record<number, number>>, number, number])[] = [
  ["opcode 0", end, { 0: 0 }, 1, 0],
  ["opcode 8", end, { 0: 8 }, 1, 8],
  ["opcode 255", end, { 0: 255 }, 1, 255],
  ["a flag of a load", load, { 0: 0x101 }, 2, 0],
  ["max without residual", compute, { 0: 0x1005 }, 2, 0],
  ["upsample with residual", compute, { 0: 0x2205 }, 2, 0],
  ["partial with residual", compute, { 0: 0x8205 }, 2, 0],
  ["partial with upsample", compute, { 0: 0xa005 }, 2, 0],
  ["partial of two blocks", compute, { 0: 0x8005, 8: lines(2, 1) }, 2, 8],
  ["accumulate over two rows", compute, { 0: 0x4005, 8: lines(1, 2) }, 2, 8],
  ["accumulate over two tiles", compute, { 0: 0x4005, 9: 0x00010002 }, 2, 9],
  ["no lines", load, { 3: lines(0, 3) }, 2, 3],
  ["no columns", store, { 3: lines(1, 0) }, 2, 3],
  ["no lines per row", load, { 5: 0 }, 2, 5],
  ["bank P", store, { 6: 7 }, 2, 6],
  ["no beats", weights, { 3: 0 }, 2, 3],
  ["part of a weight word", weights, { 3: 6 }, 2, 3],
  ["part of a parameter word", parameters, { 3: 3 }, 2, 3],
  ["part of a table", tables, { 3: 255 }, 2, 3],
  ["no input columns", compute, { 5: lines(0, 1) }, 2, 5],
  ["no input rows", compute, { 5: lines(1, 0) }, 2, 5],
  ["input columns that reach the sign", compute, { 5: 0x00018000 }, 2, 5],
  ["input rows that reach the sign", compute, { 5: 0x80000001 }, 2, 5],
  ["rotation P", compute, { 6: 7 << 24 }, 2, 6],
  ["kernel width 0", compute, { 7: 0x00010100 }, 2, 7],
  ["kernel height 0", compute, { 7: 0x00010001 }, 2, 7],
  ["channel groups 0", compute, { 7: 0x0101 }, 2, 7],
  ["blocks 0", compute, { 8: lines(0, 1) }, 2, 8],
  ["rows 0", compute, { 8: lines(1, 0) }, 2, 8],
  ["tiles 0", compute, { 9: 0x00010000 }, 2, 9],
  ["blocks per group 0", compute, { 9: 0x00000001 }, 2, 9],
  ["a load past the last word", lineTransfer("loadFeatures", { columns: 15, base: 62 }), {}, 3, 64],
  ["a load of which one word spills", lineTransfer("loadFeatures", { columns: 2, base: 63, firstBank: 6 }), {}, 3, 63],
  ["a load far outside", lineTransfer("loadFeatures", { columns: 1, base: 65535 }), {}, 3, 65535],
  ["a store past the last word", { ...store, base: 63, columns: 9 }, {}, 3, 63],
  ["weights past the end", weights, { 3: 8, 4: 23 }, 4, 23],
  ["very many weights", weights, { 3: 0xfffffffc }, 4, 0],
  ["parameters past the end", parameters, { 4: 16 }, 5, 16],
  ["table bank 2", tables, { 4: 2 }, 5, 2],
  ["an odd memory offset", load, { 2: 8 }, 6, 8],
  ["a load past the window", load, { 2: top }, 6, top],
  ["a store past the window", store, { 2: top }, 6, top],
  ["an end beyond 32 bits", load, { 2: 0xfffffff0 }, 6, 0xfffffff0],
  ["a huge transfer", load, { 3: lines(65535, 65535) }, 6, 0],
  ["a wait for the fourth load", compute, { 0: 0x00040005 }, 7, 0],
  ["a wait for itself", compute, { 1: 0x00000002 }, 7, 1],
  ["a wait for the third store", end, { 1: 0x00020000 }, 7, 2],
  ["an error of the compute engine", fixtureCompute({ inCgStride: 77 }), {}, 77, 0x12345678],
];

describe("an illegal command", () => {
  // Three loads, a computation and a store before it.
  const before = withWaits(shape, [...fillAll(shape).slice(0, 3), compute, { ...store, waitLoad: 3 }], [1]);

  it.each(illegal)("%s stops the run and harms nothing", (_name, command, words, code, info) => {
    for (const seed of [1, 2, 3]) {
      const bench = benchOf(seed);
      const bytes = new Uint8Array([...encodeCommands(before), ...patched(command, words), ...encodeCommands([end])]);
      const was = bench.memory.storage.bytes.slice();
      was.set(bytes, DRAM.commands);
      const result = bench.run(bytes, DRAM.commands);
      expect({ ...summary(result), info: result.info }).toEqual({
        outcome: "error",
        code,
        command: before.length,
        info,
      });
      expect(bench.memory.outstanding).toEqual({ reads: 0, writes: 0 });
      expectOnlyStoresTouched(bench, was);
      expectGoodRun(bench);
    }
  });
});

describe("the command stream", () => {
  const count = good.length;

  it("may end exactly with the window, and END may come before its end", () => {
    const bench = benchOf(1);
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
      const bench = benchOf(seed);
      expect(summary(bench.run(good, DRAM.commands, settings))).toEqual({ outcome: "error", code, command });
      expectGoodRun(bench);
    }
  });

  it("may be followed by anything", () => {
    const padded = withWaits(shape, [compute, ...good.slice(0, -1), end], [1]);
    expect(padded.length % 4).toBe(0); // so that no burst holds END and what follows
    const at = MEMORY_BASE + DRAM.commands + padded.length * 64;
    const bench = benchOf(1, idealTiming, [{ direction: "read", at: { address: at }, effect: "slaveError" }]);
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
        const bench = benchOf(seed, randomTiming(seed), [{ direction, at: { address }, effect: "slaveError" }]);
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
    const bench = benchOf(1, idealTiming, [{ direction: "read", at: { address }, effect: "decodeError" }]);
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
    const bench = benchOf(1, idealTiming, [{ direction, at: { burst }, effect }]);
    const result = bench.run(good, DRAM.commands, { busTimeout });
    expect(result).toMatchObject({ outcome: "error", code: 10, info: direction === "read" ? 1 : 2 });
    expect(result.command).toBeGreaterThanOrEqual(command);
    bench.start({ commandAddress: DRAM.commands, commandCount: good.length, busTimeout });
    expect(bench.finish(10)).toMatchObject({ outcome: "error", code: 10 });
  });

  it("recovers with a reset", () => {
    const bench = benchOf(1, idealTiming, [
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
    const bench = benchOf(1, timing);
    expect(summary(bench.run(good, DRAM.commands, { busTimeout }))).toMatchObject({ outcome: "done" });
  });
});

describe("abort, reset and start at any time", () => {
  const cases = { commands: programs(shape, 6), at: fc.nat(3000), seed: fc.integer() };

  it("an abort is reported, harms nothing, and the next run is good", () => {
    fc.assert(
      fc.property(fc.record(cases), ({ commands, at, seed }) => {
        const bench = benchOf(seed);
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
        const bench = benchOf(seed);
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
    const bench = benchOf(1);
    bench.memory.storage.bytes.set(encodeCommands(good), DRAM.commands);
    bench.start({ commandAddress: DRAM.commands, commandCount: good.length });
    for (let cycle = 0; cycle < 200; cycle++) bench.cycle();
    bench.pulse("start_i");
    expect(bench.finish()).toMatchObject({ outcome: "done", counters: { COMMANDS: good.length } });
  });
});
