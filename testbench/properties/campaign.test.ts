import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type HwConfig, presets } from "../../hdl-gen/index.ts";
import type { Program } from "../../host/index.ts";
import { whyInexact } from "../../models/testing/exactness.ts";
import { buildAccelerator } from "../simulate/accelerator-model.ts";
import { type CampaignReport, runCampaign, writeFailureWaveform } from "./campaign.ts";
import { runGraphCampaign } from "./graph-campaign.ts";
import { runCase } from "./run-case.ts";
import { testedPresets, tightConfig } from "./targets.ts";
import type { PropertyCase } from "./trial.ts";

const configs: readonly HwConfig[] = [...testedPresets.map((name) => presets[name]), tightConfig];
const inexact = await whyInexact();
const RUNS = 80;
const SEED = 20;

describe.each(configs)("$name", (config) => {
  it("equals the reference bit for bit, reports errors and recovers", async () => {
    const report = await runCampaign({ config, runs: RUNS, seed: SEED });
    expect(report.failure, explain(report)).toBeUndefined();
    expect(report.cases).toBe(RUNS);
    const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
    expect(refused).toBeLessThan(RUNS / 4);
    expect(report.comparedValues).toBeGreaterThan(10_000);
    for (const trial of ["again", "reset", "abort", "corrupt", "noise", "fault"])
      expect(
        Object.keys(report.trials).some((name) => name.startsWith(trial)),
        trial,
      ).toBe(true);
  }, 300_000);
});

describe("random ONNX graphs", () => {
  it.skipIf(inexact)(
    "run in RTL on every tested configuration as in ONNX Runtime",
    async () => {
      const { failure, rtl, seed } = await runGraphCampaign({ graphs: 60, seed: 6, targets: configs, sampling: 1 });
      const again = `vargen validate --graphs 1 --seed ${seed} --path ${failure?.path} --preset NAME`;
      expect(failure, `${failure?.message}\n${again}\n${JSON.stringify(failure?.shrunkTo)}`).toBeUndefined();
      expect(rtl.graphs).toBeGreaterThan(40);
      expect(rtl.comparedValues).toBeGreaterThan(5000);
    },
    300_000,
  );
});

function explain({ failure }: CampaignReport): string {
  if (failure === undefined) return "";
  const { seed, path, configuration, message, shrunkTo } = failure;
  return `${message}\nvargen validate --preset ${configuration} --seed ${seed} --path ${path}\n${JSON.stringify(shrunkTo)}`;
}

/** A pointwise convolution of 8x8 pixels; every weight matters. */
const plain: PropertyCase = {
  network: {
    dtype: "int8",
    height: 8,
    width: 8,
    channelGroups: 2,
    dyadic: false,
    extremeInput: false,
    steps: [
      {
        kind: "point",
        groups: 1,
        outputs: 16,
        kernel: { height: 1, width: 1 },
        stride: 1,
        padding: { top: 0, left: 0, bottom: 0, right: 0 },
        spread: "normal",
        extreme: false,
      },
    ],
    seed: 7,
  },
  memory: { kind: "ddr", seed: 1 },
  registerStall: 0,
  trial: { kind: "none" },
};

/** Flips bits of one byte of a program's constants. */
function withFlippedByte(program: Program, segment: string, offset: number, bits: number): Program {
  const segments = program.segments.map((part) => {
    if (part.name !== segment) return part;
    const bytes = part.bytes.slice();
    bytes[offset] ^= bits;
    return { ...part, bytes };
  });
  return { ...program, segments };
}

describe("a fault that is put in is found", () => {
  const config = presets.g8m1p1;
  it.each([
    ["a weight", "weights", 3, 0x40],
    ["a scale", "parameters", 4, 0x10],
    ["a bias", "parameters", 9, 0x04],
  ])("%s", async (_what, segment, offset, bits) => {
    const model = await buildAccelerator(config);
    expect(runCase(model, config, plain)).toMatchObject({ refused: undefined, comparedValues: 16 * 64 });
    const sabotage = (program: Program): Program => withFlippedByte(program, segment, offset, bits);
    expect(() => runCase(model, config, plain, { sabotage })).toThrow(
      /layer point0, channel \d+, row \d+, column \d+: expected -?\d+, got -?\d+ \(seen at clock cycle \d+\)/,
    );
  });

  it("a campaign shrinks it, and its path replays it", async () => {
    // Every parameter word loses bits of a scale: some channel of nearly every network is wrong.
    const sabotage = (program: Program): Program => withFlippedByte(program, "parameters", 5, 0xff);
    const { failure } = await runCampaign({ config, runs: 50, seed: 3, sabotage });
    expect(failure?.message).toMatch(/^layer \S+, channel \d+, row \d+, column \d+: expected -?\d+, got -?\d+/);
    expect(failure?.shrinks).toBeGreaterThan(3);
    expect(failure?.shrunkTo.trial).toEqual({ kind: "none" });
    expect(failure?.shrunkTo.network.steps.length).toBe(1);
    const path = failure?.path ?? "";
    const again = await runCampaign({ config, runs: 1, seed: 3, path, sabotage });
    expect(again.failure?.shrunkTo).toEqual(failure?.shrunkTo);
    expect((await runCampaign({ config, runs: 1, seed: 3, path })).failure).toBeUndefined();
  });

  it("a command that waits too little is found by noise in memory", async () => {
    const model = await buildAccelerator(config);
    const sabotage = (program: Program): Program => {
      // The first computation no longer waits for its weights: it starts with whatever the memory holds.
      const bytes = program.segments.find(({ name }) => name === "commands")?.bytes;
      const first = program.commands.findIndex(({ kind }) => kind === "compute");
      if (bytes === undefined || first < 0) throw new Error("no computation");
      return withFlippedByte(program, "commands", first * 64 + 2, bytes[first * 64 + 2]);
    };
    expect(() => runCase(model, config, plain, { sabotage })).toThrow(/expected -?\d+, got/);
  });

  it("the waveform of a failing case is written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vargen-vcd-"));
    const file = join(folder, "failure.vcd");
    const failure = {
      configuration: config.name,
      seed: 1,
      path: "0",
      message: "",
      shrunkTo: plain,
      shrinks: 0,
      cycle: 300,
    };
    await writeFailureWaveform(config, failure, file);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8").slice(0, 5000)).toContain("$scope module vargen_g8m1p1");
    rmSync(folder, { recursive: true });
  });
});
