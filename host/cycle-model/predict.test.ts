import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../compiler/index.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { burstsOf } from "./bus.ts";
import { memoryModels } from "./memory-model.ts";
import { predict } from "./predict.ts";
import { timeline } from "./timeline.ts";

const programs = [1, 2, 3, 4, 5, 6].map((seed) =>
  compile(randomNetwork(seed, { layers: 6, size: 14, channels: 40 }).network, presets.g8m8p7),
);

describe("cycle model", () => {
  it.each(programs.map((program, index) => [index, program] as const))("program %d: a consistent run", (_, program) => {
    const ideal = timeline(program, memoryModels.ideal);
    const ddr = timeline(program, memoryModels.ddr);
    expect(ideal.cycles).toBeGreaterThan(program.statistics.computeCycles);
    expect(ddr.cycles).toBeGreaterThan(ideal.cycles);
    for (const { commands, cycles } of [ideal, ddr]) {
      for (const { start, end } of commands) expect(start > 0 && start < end && end <= cycles).toBe(true);
    }
  });

  it("shares the run among the operations", () => {
    for (const program of programs) {
      const { cycles, perLayer, utilization } = predict(program, memoryModels.ddr);
      expect(perLayer.map(({ name }) => name)).toEqual(program.operations.map(({ name }) => name));
      const sum = perLayer.reduce((total, layer) => total + layer.cycles, 0);
      expect(sum).toBeLessThan(cycles);
      expect(utilization).toBeLessThanOrEqual(1);
    }
  });

  it("splits transfers at multiples of the burst length", () => {
    expect(burstsOf(0, 33, 16)).toEqual([16, 16, 1]);
    expect(burstsOf(14, 5, 16)).toEqual([2, 3]);
  });
});
