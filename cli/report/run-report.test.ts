import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile, memoryModels, predict, timeline } from "../../host/index.ts";
import { randomNetwork } from "../../host/testing/random-network.ts";
import { arraySteps, piecesOf } from "./causes.ts";
import { makeRunReport } from "./run-report.ts";
import { trafficKinds } from "./traffic.ts";

const cases = [1, 2, 3, 4, 5, 6].map((seed) => {
  const { network } = randomNetwork(seed, { layers: 6, size: 14, channels: 40 });
  const program = compile(network, seed % 2 === 0 ? presets.g8m8p7 : presets.g16m16p3);
  const source = { program, memory: "ddr" as const, clockHz: 100e6, command: "", simulation: undefined };
  return [seed, program, makeRunReport(source).report] as const;
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe.each(cases)("report on random network %d", (_seed, program, report) => {
  it("tells every cycle apart, as the cycle model's own split does in fewer parts", () => {
    const { split, run } = predict(program, memoryModels.ddr);
    const own = report.split;
    expect(sum(Object.values(own))).toBeCloseTo(report.cycles, 6);
    expect(own.useful + own.lanes).toBeCloseTo(split.busy, 6);
    expect(own.useful).toBeCloseTo(report.macs / report.peakMacs, 6);
    expect([own.weights, own.maps, own.loads]).toEqual([run.loads.weights, run.loads.features, run.loads.other]);
    expect([own.results, own.stores]).toEqual([split.waitCompute, split.waitStore]);
    expect([own.drain, own.command]).toEqual([split.waitDrain, split.noCommand]);
  });

  it("shares cycles, MACs and bytes among the layers", () => {
    const { layers, traffic, macs, cycles } = report;
    expect(sum(layers.map((layer) => layer.cycles))).toBe(cycles);
    expect(sum(layers.map((layer) => layer.macs))).toBe(macs);
    for (const layer of layers) expect(sum(Object.values(layer.split))).toBeCloseTo(layer.cycles, 6);
    const bytes = (direction: "read" | "write") => sum(trafficKinds.map((kind) => traffic[kind][direction]));
    const { dramReadBytes, dramWriteBytes } = program.statistics;
    expect([bytes("read"), bytes("write")]).toEqual([dramReadBytes, dramWriteBytes]);
    expect(sum(layers.map(({ dram }) => dram.read))).toBe(dramReadBytes - traffic.commands.read);
    expect(traffic.output.write).toBeGreaterThan(0);
    expect(traffic.image.read).toBeGreaterThan(0);
    expect(traffic.maps.read + traffic.maps.write).toBe(sum(report.spilled.map(({ read, write }) => read + write)));
  });

  it("covers the run with steps and slices", () => {
    let now = 0;
    for (const step of arraySteps(program, timeline(program, memoryModels.ddr)))
      for (const { from, to } of piecesOf(step)) {
        expect(from).toBe(now);
        now = to;
      }
    expect(now).toBe(report.cycles);
    const { array, read, write, sliceCycles } = report.overview;
    expect(sum(Object.values(array).flat())).toBeCloseTo(report.cycles, 3);
    const moved = sum([...Object.values(read), ...Object.values(write)].flat());
    expect(moved).toBeCloseTo(report.dram.read + report.dram.write - report.traffic.commands.read, 3);
    for (const slice of array.useful) expect(slice).toBeLessThanOrEqual(sliceCycles + 1e-6);
  });

  it("stands below the roofs as a whole", () => {
    const { network, peakMacs, bytesPerCycle } = report.roofline;
    expect(network.macsPerCycle).toBeLessThanOrEqual(Math.min(peakMacs, (network.intensity ?? 0) * bytesPerCycle));
  });
});
