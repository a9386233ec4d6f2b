import { expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import type { Program } from "../../host/index.ts";
import type { Activations } from "../../models/ir/network.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { Random } from "../../models/random/random.ts";
import { simulateNetwork } from "./simulate.ts";
import { windowAround } from "./waveform.ts";

const config = presets.g8m8p7;
const network = seededNetwork("vargnet-v2", { scale: 0.25, inputSize: 16, classes: 10 });
const random = new Random(3);
const inputs: readonly Activations[] = [0, 1].map(() => new Uint8Array(3 * 16 * 16).map(() => random.integer(0, 255)));

it("compares every layer's values, and the output of every input", async () => {
  const stages = new Set<string>();
  const { report, outputs, layerRun } = await simulateNetwork({
    network,
    config,
    inputs,
    onProgress: ({ stage }) => stages.add(stage),
  });
  expect(report.mismatches).toBe(0);
  expect(outputs.length).toBe(2);
  // The cycle model says exactly what the RTL counts.
  expect(report.predictedCycles).toBe(report.cycles);
  expect([report.predictedSplit, report.predictedLoads]).toEqual([report.split, report.loads]);
  const perLayer = report.perLayer.filter(({ comparedValues }) => comparedValues > 0).length;
  expect(perLayer).toBe(layerRun?.program.operations.length);
  expect([...stages]).toContain("inputs");
  // Each operation's time follows that of the one before, and they add up to the run.
  const times = layerRun?.run.times ?? [];
  expect(times.every(({ start, end, cycles }, i) => end - start <= cycles && start >= (times[i - 1]?.end ?? 0))).toBe(
    true,
  );
  expect(report.perLayer.reduce((sum, layer) => sum + layer.cycles, 0)).toBe(report.cycles);
});

it("names the first value that differs when a weight is wrong", async () => {
  const sabotage = (program: Program): Program => {
    const segments = program.segments.map((part) =>
      part.name === "weights" ? { ...part, bytes: part.bytes.map((byte, i) => (i === 40 ? byte ^ 0x20 : byte)) } : part,
    );
    return { ...program, segments };
  };
  const { report, layerRun } = await simulateNetwork({ network, config, inputs: inputs.slice(0, 1), sabotage });
  expect(report.mismatches).toBeGreaterThan(0);
  expect(report.firstMismatch).toMatchObject({ input: 0, layer: "conv1" });
  const mismatch = report.firstMismatch;
  if (mismatch === undefined || layerRun === undefined) throw new Error("no mismatch was located");
  expect(mismatch.got).not.toBe(mismatch.expected);
  const { program, run } = layerRun;
  const [from, to] = windowAround(mismatch, program, run.times, report.cycles);
  expect(from).toBeLessThan(run.times[0].end);
  expect(to).toBeGreaterThan(from);
  const [late] = windowAround({ ...mismatch, layer: "fc", channel: 9 }, program, run.times, report.cycles);
  expect(late).toBeGreaterThan(from);
});

it("reports the tensors that a run leaves in DRAM even without storing every layer", async () => {
  const { report } = await simulateNetwork({ network, config, inputs, compareLayers: false, memory: "ideal" });
  expect(report).toMatchObject({ mismatches: 0, memory: "ideal", inputs: 2 });
  expect(report.comparedValues).toBeGreaterThanOrEqual(20);
});
