import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type CounterName, presets } from "../../hdl-gen/index.ts";
import { type CommandStream, compile, type MemoryModel, memoryModels, timeline } from "../../host/index.ts";
import { randomNetwork } from "../../host/testing/random-network.ts";
import { randomStream } from "../../host/testing/random-stream.ts";
import { VargenError } from "../../models/errors.ts";
import { steadyTiming } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { runSheet } from "../lib/sheet-bench.ts";
import { CaseBench } from "./bench.ts";
import { cycleLimit, refusals } from "./run-case.ts";
import { buildTarget, testedPresets, tightConfig } from "./targets.ts";

const memories: fc.Arbitrary<MemoryModel> = fc.oneof(
  fc.constantFrom(memoryModels.ideal, memoryModels.ddr),
  fc.record({
    readLatency: fc.integer({ min: 1, max: 60 }),
    writeLatency: fc.integer({ min: 1, max: 60 }),
    maxBursts: fc.integer({ min: 1, max: 20 }),
  }),
);
const seeds = fc.integer({ min: 1, max: 1e6 });

/** The cycle model's run, as the counters have it. */
function predictedCounters(program: CommandStream, memory: MemoryModel): Partial<Record<CounterName, number>> {
  const { cycles, split, loads, readBeats, writeBeats } = timeline(program, memory);
  const { busy, noCommand, waitLoad, waitCompute, waitStore, waitDrain } = split;
  const waits = { WAIT_LOAD: waitLoad, WAIT_COMPUTE: waitCompute, WAIT_STORE: waitStore, WAIT_DRAIN: waitDrain };
  return {
    ...{ CYCLES: cycles, BUSY: busy, NO_COMMAND: noCommand, ...waits },
    ...{ WAIT_WEIGHTS: loads.weights, WAIT_FEATURES: loads.features },
    ...{ READ_BEATS: readBeats, WRITE_BEATS: writeBeats },
  };
}

describe.each([...testedPresets.map((name) => presets[name]), tightConfig])("the cycle model of $name", (config) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildTarget(config);
  });

  it("says to the cycle what the RTL counts for any network, with any steady memory", () => {
    const limits = { layers: 6, size: config === tightConfig ? 10 : 18, channels: 40 };
    fc.assert(
      fc.property(seeds, memories, (seed, memory) => {
        const { network, input } = randomNetwork(seed, limits);
        let program: ReturnType<typeof compile>;
        try {
          program = compile(network, config);
        } catch (error) {
          if (error instanceof VargenError && error.problems.every(({ code }) => refusals.includes(code))) return;
          throw error;
        }
        const bench = new CaseBench(model, program, { timing: steadyTiming(memory), registerStall: 0, seed: 1 });
        bench.load(input);
        bench.reset();
        bench.start();
        expect(bench.wait(cycleLimit(program)).outcome).toBe("done");
        const predicted = predictedCounters(program, memory);
        const counted = Object.keys(predicted).map((name) => [name, bench.get(name as CounterName)]);
        expect(predicted).toEqual(Object.fromEntries(counted));
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  it("and for any stream of commands", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 60 }), memories, (seed, length, memory) => {
        const stream = randomStream(config, seed, length);
        const { code, counters } = runSheet(model, stream, steadyTiming(memory), 1);
        expect(code).toBe(0);
        expect(counters).toMatchObject(predictedCounters(stream, memory));
      }),
      { seed: 1, numRuns: 25 },
    );
  });
});
