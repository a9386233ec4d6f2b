import { beforeAll, describe, expect, it } from "vitest";
import { type Command, encodeCommands } from "../../host/isa/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildCore } from "./core-bench.ts";
import { benchOf, expectGoodRun, expectOnlyStoresTouched, shape, summary } from "./core-runs.ts";
import { DRAM, end, fillAll, fixtureCompute, lineTransfer, noWaits } from "./dma-commands.ts";
import { withWaits } from "./dma-waits.ts";

let core: CompiledModel;
beforeAll(async () => {
  core = await buildCore(shape);
});

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
  ["upsample with max", compute, { 0: 0x3005 }, 2, 0],
  ["partial with max", compute, { 0: 0x9005 }, 2, 0],
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
      const bench = benchOf(core, seed);
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
