import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { randomTiming } from "../axi/memory-timing.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildCore, CoreBench } from "./core-bench.ts";
import { DRAM, randomBytes } from "./dma-commands.ts";
import { DmaModel, type DmaShape } from "./dma-model.ts";
import { programs } from "./dma-program.ts";

const memories = { FEATURE_DEPTH: 64, WEIGHT_DEPTH: 24, PARAMETER_DEPTH: 16 };
const shapes: readonly (DmaShape & Readonly<Record<string, number>>)[] = [
  { G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128, ...memories, QUEUE_DEPTH: 8 },
  { G: 8, M: 1, P: 1, R: 1, AXI_BITS: 64, ...memories, QUEUE_DEPTH: 2, READ_BURST: 1, WRITE_BURST: 2 },
  { G: 4, M: 16, P: 15, R: 4, AXI_BITS: 256, ...memories, QUEUE_DEPTH: 4 },
];

describe.each(shapes)("vg_core's DMA side, G=$G M=$M P=$P AXI=$AXI_BITS", (shape) => {
  let core: CompiledModel;
  beforeAll(async () => {
    core = await buildCore(shape);
  });

  it("moves every byte where it belongs, under any timing", () => {
    fc.assert(
      fc.property(programs(shape, 12), fc.integer(), (commands, seed) => {
        const bench = new CoreBench(core, seed, DRAM.size, randomTiming(seed));
        const bytes = bench.memory.storage.bytes;
        bytes.set(randomBytes(DRAM.size, seed));
        const model = new DmaModel(shape, bytes.slice());
        const result = bench.run(commands, DRAM.commands);
        expect({ outcome: result.outcome, code: result.code }).toEqual({ outcome: "done", code: 0 });
        model.dram.set(bytes.subarray(DRAM.commands, DRAM.commands + commands.length * 64), DRAM.commands);
        for (const command of commands) model.execute(command);
        expect(Buffer.compare(bytes, model.dram)).toBe(0);
        const { CYCLES, BUSY, NO_COMMAND, WAIT_LOAD, WAIT_COMPUTE, WAIT_STORE, WAIT_DRAIN, COMMANDS } = result.counters;
        expect(BUSY + NO_COMMAND + WAIT_LOAD + WAIT_COMPUTE + WAIT_STORE + WAIT_DRAIN).toBe(CYCLES);
        expect(COMMANDS).toBe(commands.length);
        expect(bench.memory.outstanding).toEqual({ reads: 0, writes: 0 });
        expect(bench.violations).toEqual([]);
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});
