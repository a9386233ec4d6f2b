import { beforeAll, describe, expect, it } from "vitest";
import { type HwConfig, presets } from "../../hdl-gen/index.ts";
import { memoryModels, timeline } from "../../host/index.ts";
import {
  columnSumProgram,
  type FlagProgram,
  longSumProgram,
  maxPoolProgram,
  unaryProgram,
  upsampleProgram,
} from "../../host/testing/flag-programs.ts";
import { idealTiming, randomTiming } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildTarget, testedPresets, tightConfig } from "../properties/targets.ts";
import { runSheet } from "./sheet-bench.ts";

const configs: readonly HwConfig[] = [...testedPresets.map((name) => presets[name]), tightConfig];

/** Each with some seeds: {@link host/testing/flag-programs.ts}. */
const programs: Readonly<Record<string, (config: HwConfig, seed: number) => FlagProgram>> = {
  "3x3 max pool, stride 2": (config, seed) => maxPoolProgram(config, 3, 2, seed),
  "2x2 max pool, stride 2": (config, seed) => maxPoolProgram(config, 2, 2, seed),
  "3x3 max pool, stride 1": (config, seed) => maxPoolProgram(config, 3, 1, seed),
  "sums of columns": columnSumProgram,
  upsample: upsampleProgram,
  "a function of one value": unaryProgram,
  "a sum of two parts": (config, seed) => longSumProgram(config, 2, false, seed),
  "a sum of five parts, then max": (config, seed) => longSumProgram(config, 5, true, seed),
};

describe.each(configs)("the flags of COMPUTE in $name", (config) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildTarget(config);
  });

  it.each(Object.entries(programs))("%s", (_, program) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { sheet, expected } = program(config, seed);
      const { code, dram } = runSheet(model, sheet, randomTiming(seed), seed);
      expect(code).toBe(0);
      expect(sheet.result(dram)).toEqual(expected);
    }
  });

  it("upsample takes the time that the cycle model says", () => {
    const { sheet } = upsampleProgram(config, 5);
    const { counters } = runSheet(model, sheet, idealTiming, 1);
    expect(timeline(sheet, memoryModels.ideal).cycles).toBe(counters.CYCLES);
  });
});
