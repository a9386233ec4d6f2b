import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../compiler/index.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { burstsOf } from "./estimate/bus.ts";
import { timeline } from "./exact/timeline.ts";
import { memoryModels } from "./memory-model.ts";
import { estimate, predict } from "./predict.ts";

const programs = [1, 2, 3, 4, 5, 6].map((seed) =>
  compile(randomNetwork(seed, { layers: 6, size: 14, channels: 40 }).network, presets.g8m8p7),
);
const models = { predict, estimate };

describe.each(Object.entries(models))("%s", (_, model) => {
  it("shares the run among the operations", () => {
    for (const program of programs) {
      const { cycles, perLayer, utilization } = model(program, memoryModels.ddr);
      expect(perLayer.map(({ name }) => name)).toEqual(program.operations.map(({ name }) => name));
      const sum = perLayer.reduce((total, layer) => total + layer.cycles, 0);
      expect(sum).toBeLessThan(cycles);
      expect(utilization).toBeLessThanOrEqual(1);
    }
  });

  it("tells every cycle of a run apart, and a slow memory shows as waiting for it", () => {
    for (const program of programs) {
      const runs = [memoryModels.ideal, memoryModels.ddr].map((memory) => model(program, memory));
      for (const { cycles, split } of runs) {
        const parts = Object.values(split);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(cycles);
      }
      const [ideal, ddr] = runs.map(({ split }) => split);
      expect(ideal.busy).toBe(ddr.busy);
      expect(ideal.busy).toBeLessThanOrEqual(program.statistics.computeCycles);
      expect(ddr.waitLoad + ddr.noCommand).toBeGreaterThan(ideal.waitLoad + ideal.noCommand);
    }
  });
});

it("the timeline: every command's times in order, every beat on the bus that of a command", () => {
  for (const program of programs) {
    const { cycles, commands, readBeats, writeBeats, split, loads, idle } = timeline(program, memoryModels.ddr);
    expect(loads.weights + loads.features + loads.other).toBe(split.waitLoad);
    const idleCycles = idle.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(idleCycles).toBe(cycles - split.busy - split.waitDrain);
    for (const { start, first, last, end } of commands) {
      expect([start, first, last, end]).toEqual([start, first, last, end].sort((a, b) => a - b));
      expect(start > 0 && end <= cycles).toBe(true);
    }
    const { axiDataBits } = program.config;
    const { dramReadBytes, dramWriteBytes } = program.statistics;
    expect([readBeats, writeBeats].map((beats) => (beats * axiDataBits) / 8)).toEqual([dramReadBytes, dramWriteBytes]);
  }
});

it("the estimate is within 20 % of the prediction, for small networks", () => {
  for (const program of programs) {
    const [exact, estimated] = [predict, estimate].map((model) => model(program, memoryModels.ddr).cycles);
    expect(Math.abs(estimated - exact) / exact).toBeLessThan(0.2);
  }
});

it("the estimate splits transfers at multiples of the burst length", () => {
  expect(burstsOf(0, 33, 16)).toEqual([16, 16, 1]);
  expect(burstsOf(14, 5, 16)).toEqual([2, 3]);
});
