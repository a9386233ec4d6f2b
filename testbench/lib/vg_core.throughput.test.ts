import { beforeAll, describe, expect, it } from "vitest";
import type { Command, FeatureTransfer } from "../../host/isa/index.ts";
import { ddrTiming } from "../axi/memory-timing.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildCore, CoreBench } from "./core-bench.ts";
import { DRAM, end, fixtureCompute, lineTransfer } from "./dma-commands.ts";

const shape = {
  ...{ G: 8, M: 8, P: 7, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 64, WEIGHT_DEPTH: 24, PARAMETER_DEPTH: 16 },
};
const COLUMNS = shape.P * shape.FEATURE_DEPTH;

describe("one more command at 100 cycles of read latency", () => {
  let core: CompiledModel;
  beforeAll(async () => {
    core = await buildCore(shape, { READ_OUTSTANDING: 16 });
  });

  const cycles = (commands: readonly Command[]) => {
    const bench = new CoreBench(core, 1, DRAM.size, ddrTiming, [], 16);
    const result = bench.run([...commands, end], DRAM.commands);
    expect(result.outcome).toBe("done");
    return result.cycles;
  };
  /** On average, over a chunk of the command fetch. */
  const oneMore = (command: Command) => (cycles(Array(24).fill(command)) - cycles(Array(20).fill(command))) / 4;
  const COMMAND_BEATS = 4;
  const whole = (kind: "loadFeatures" | "storeFeatures", columns: number): FeatureTransfer =>
    lineTransfer(kind, { columns, memoryOffset: kind === "loadFeatures" ? 0 : DRAM.stores });

  it.each([
    ["a large load", whole("loadFeatures", COLUMNS), COLUMNS / 2 + COMMAND_BEATS + 1],
    ["a load of 32 beats", whole("loadFeatures", 64), 32 + COMMAND_BEATS + 1],
    ["a large store", whole("storeFeatures", COLUMNS), COLUMNS / 2 + 1],
    ["a store of 32 beats", whole("storeFeatures", 64), 33],
  ] as const)("%s: a beat a cycle and one to switch", (_name, command, most) => {
    expect(oneMore(command)).toBeLessThanOrEqual(most);
  });

  it("a command without work: limited by the fetch", () => {
    expect(oneMore(fixtureCompute({}))).toBeLessThanOrEqual(30);
  });
});
