import { expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../compiler/index.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { memoryModels } from "./memory-model.ts";
import { predict } from "./predict.ts";

it("every cycle of a run is told apart, and a slow memory shows as waiting for it", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const program = compile(randomNetwork(seed, { layers: 6, size: 14, channels: 40 }).network, presets.g8m8p7);
    const runs = [memoryModels.ideal, memoryModels.ddr].map((memory) => predict(program, memory));
    for (const { cycles, split } of runs) {
      const parts = Object.values(split);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(cycles);
    }
    const [ideal, ddr] = runs.map(({ split }) => split);
    expect(ideal.busy).toBe(ddr.busy);
    expect(ideal.busy).toBeLessThanOrEqual(program.statistics.computeCycles);
    expect(ddr.waitLoad).toBeGreaterThan(ideal.waitLoad);
  }
});
