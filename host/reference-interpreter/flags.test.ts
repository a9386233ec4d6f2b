import { describe, expect, it } from "vitest";
import { type HwConfig, presetNames, presets } from "../../hdl-gen/index.ts";
import type { ComputeCommand } from "../isa/index.ts";
import type { Sheet } from "../testing/command-sheet.ts";
import {
  columnSumProgram,
  type FlagProgram,
  longSumProgram,
  maxPoolProgram,
  unaryProgram,
  upsampleProgram,
} from "../testing/flag-programs.ts";
import { interpret } from "./run.ts";

function run({ config, dram, commands, result }: Sheet): Int8Array {
  const window = dram.slice();
  interpret(config, window, commands);
  return result(window);
}

function check({ sheet, expected }: FlagProgram): void {
  expect(run(sheet)).toEqual(expected);
}

/** A sheet with some fields of a computation replaced. */
function changed(sheet: Sheet, computation: number, fields: Partial<ComputeCommand>): Sheet {
  const computes = sheet.commands.filter(({ kind }) => kind === "compute");
  const commands = sheet.commands.map((c) =>
    c === computes[computation] ? { ...computes[computation], ...fields } : c,
  );
  return { ...sheet, commands } as Sheet;
}

const configs: readonly HwConfig[] = presetNames.map((name) => presets[name]);

describe.each(configs)("$name", (config) => {
  it("max: pooling, a command per tap", () => {
    for (let seed = 0; seed < 4; seed++) {
      check(maxPoolProgram(config, 3, 2, seed));
      check(maxPoolProgram(config, 2, 2, seed));
      check(maxPoolProgram(config, 3, 1, seed));
    }
  });

  it("max without residual: sums of columns", () => {
    for (let seed = 0; seed < 8; seed++) check(columnSumProgram(config, seed));
  });

  it("upsample: nearest, twice the columns", () => {
    for (let seed = 0; seed < 8; seed++) check(upsampleProgram(config, seed));
  });

  it("residual with TB = 0: any function of one value", () => {
    for (let seed = 0; seed < 4; seed++) check(unaryProgram(config, seed));
  });

  it("partial and accumulate: one sum of many parts", () => {
    for (const parts of [2, 3, 5]) for (const max of [false, true]) check(longSumProgram(config, parts, max, parts));
  });
});

describe("what the flags forbid", () => {
  const config = presets.g8m8p7;

  it.each([
    ["upsample with max", { upsample: 1, max: 1 }],
    ["upsample with residual", { upsample: 1, residual: 1 }],
    ["partial with residual", { partial: 1, residual: 1, blocks: 1, rows: 1, tiles: 1 }],
    ["partial of several tiles", { partial: 1 }],
    ["accumulate over several tiles", { accumulate: 1 }],
  ])("%s is BAD_FIELD", (_, fields) => {
    const { sheet } = unaryProgram(config, 1);
    expect(() => run(changed(sheet, 0, { residual: 0, blocks: 2, ...fields }))).toThrow(/command 4: BAD_FIELD/);
  });

  it("an upsampled line's second word is checked", () => {
    const { sheet } = upsampleProgram(config, 1);
    const last = { blocks: 1, rows: 1, tiles: 1, outBase: config.featureDepth - 1 };
    expect(() => run(changed(sheet, 0, last))).toThrow("FEATURE_ADDRESS: word 4096");
  });

  it("sums do not go on from a computation that is not partial", () => {
    const { sheet } = longSumProgram(config, 3, false, 1);
    expect(() => run(changed(sheet, 0, { partial: 0 }))).toThrow("the computation before it is not partial");
  });

  it("a partial computation's output address is checked", () => {
    const { sheet } = longSumProgram(config, 3, false, 1);
    expect(() => run(changed(sheet, 0, { outBase: 5000 }))).toThrow("FEATURE_ADDRESS: word 5000");
  });
});
