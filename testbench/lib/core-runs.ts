import { expect } from "vitest";
import { type Command, encodeCommands } from "../../host/isa/index.ts";
import type { Fault } from "../axi/faults.ts";
import { type MemoryTiming, randomTiming } from "../axi/memory-timing.ts";
import type { CompiledModel } from "../engine/index.ts";
import { CoreBench, type CoreResult } from "./core-bench.ts";
import { DRAM, dumpAll, end, fillAll, randomBytes } from "./dma-commands.ts";
import { DmaModel, type DmaShape } from "./dma-model.ts";
import { withWaits } from "./dma-waits.ts";

/** What vg_core's tests of errors build. */
export const shape: DmaShape = {
  ...{ G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 64, WEIGHT_DEPTH: 24, PARAMETER_DEPTH: 16 },
};

/** A program that fills all memories and stores what it filled. */
export const good = withWaits(shape, [...fillAll(shape), dumpAll(shape), end], [1]);

/** The core with a memory of random bytes. */
export function benchOf(
  core: CompiledModel,
  seed: number,
  timing: MemoryTiming = randomTiming(seed),
  faults: readonly Fault[] = [],
): CoreBench {
  const bench = new CoreBench(core, seed, DRAM.size, timing, faults);
  bench.memory.storage.bytes.set(randomBytes(DRAM.size, seed));
  return bench;
}

/** Runs a program that must succeed and compares all of DRAM with the model. */
export function expectGoodRun(bench: CoreBench, commands: readonly Command[] = good): void {
  const bytes = bench.memory.storage.bytes;
  bytes.set(encodeCommands(commands), DRAM.commands);
  const model = new DmaModel(shape, bytes.slice());
  expect(bench.run(commands, DRAM.commands)).toMatchObject({ outcome: "done", code: 0 });
  for (const command of commands) model.execute(command);
  expect(Buffer.compare(bytes, model.dram)).toBe(0);
  expect(bench.violations).toEqual([]);
}

/** Everything outside of the region that stores may touch is as before. */
export function expectOnlyStoresTouched(bench: CoreBench, before: Uint8Array): void {
  const bytes = bench.memory.storage.bytes;
  expect(Buffer.compare(bytes.subarray(0, DRAM.stores), before.subarray(0, DRAM.stores))).toBe(0);
  expect(Buffer.compare(bytes.subarray(DRAM.commands), before.subarray(DRAM.commands))).toBe(0);
}

/** How a run ended, for comparisons. */
export function summary({ outcome, code, command }: CoreResult) {
  return { outcome, code, command };
}
