import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile, type MemoryModel, memoryModels, timeline } from "../../host/index.ts";
import { randomNetwork } from "../../host/testing/random-network.ts";
import { VargenError } from "../../models/errors.ts";
import { steadyTiming } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
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

describe.each([...testedPresets.map((name) => presets[name]), tightConfig])("the cycle model of $name", (config) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildTarget(config);
  });

  it("says to the cycle what the RTL's counters do, with any steady memory", () => {
    const size = config === tightConfig ? 10 : 18;
    const limits = { layers: 6, size, channels: 40 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), memories, (seed, memory) => {
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
        const { outcome, cycles } = bench.wait(cycleLimit(program));
        expect(outcome).toBe("done");
        const run = timeline(program, memory);
        const { busy, noCommand, waitLoad, waitCompute, waitStore, waitDrain } = run.split;
        expect({ cycles: run.cycles, reads: run.readBeats, writes: run.writeBeats }).toEqual({
          cycles,
          reads: bench.get("READ_BEATS"),
          writes: bench.get("WRITE_BEATS"),
        });
        expect({ busy, noCommand, waitLoad, waitCompute, waitStore, waitDrain }).toEqual({
          busy: bench.get("BUSY"),
          noCommand: bench.get("NO_COMMAND"),
          waitLoad: bench.get("WAIT_LOAD"),
          waitCompute: bench.get("WAIT_COMPUTE"),
          waitStore: bench.get("WAIT_STORE"),
          waitDrain: bench.get("WAIT_DRAIN"),
        });
        expect([run.loads.weights, run.loads.features]).toEqual([
          bench.get("WAIT_WEIGHTS"),
          bench.get("WAIT_FEATURES"),
        ]);
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});
