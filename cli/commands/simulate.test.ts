import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { vargen } from "../testing/run.ts";

const data = (name: string): string => join(repositoryRoot(), "models/data", name);
const shipped = ["--network", data("vargnet-fashion.onnx")];
const small = ["--network", "vargnet-v1", "--scale", "0.25", "--input-size", "16", "--classes", "10"];

const inFolder = temporaryFolder(beforeEach, afterEach);

describe("simulate", () => {
  it("prints every promised key, and totals that are the sums of the layers", async () => {
    const { code, out } = await vargen("simulate", ...small, "--preset", "g8m8p7", "--seed", "5", "--json");
    expect(code).toBe(ExitCode.ok);
    const report = JSON.parse(out);
    const numbers = ["cycles", "predictedCycles", "macs", "peakMacs", "utilization", "mismatches", "comparedValues"];
    for (const key of [...numbers, "simSeconds", "cyclesPerSecond", "dramReadBytes", "dramWriteBytes"])
      expect(report[key], key).toEqual(expect.any(Number));
    expect(report).toMatchObject({ mismatches: 0, peakMacs: 448, memory: "ddr", configuration: "g8m8p7", seed: 5 });
    expect(report.utilization).toBeCloseTo(report.macs / (report.peakMacs * report.cycles), 12);
    const sum = (key: string): number =>
      report.perLayer.reduce((total: number, layer: Record<string, number>) => total + layer[key], 0);
    for (const key of ["cycles", "predictedCycles", "macs", "comparedValues", "mismatches"])
      expect(sum(key), key).toBe(report[key]);
    for (const key of ["name", "kind", "utilization"]) expect(report.perLayer[0]).toHaveProperty(key);
    expect(report.command).toMatch(/^vargen simulate --network vargnet-v1 .*--preset g8m8p7 --seed 5$/);
    expect(report.simulatedCycles).toBeGreaterThan(2 * report.cycles);
  });

  it("lists and compares every output of a network with several", async () => {
    const named = ["--network", "vargnet-v2-detection", "--scale", "0.25", "--input-size", "32"];
    const { code, out } = await vargen("simulate", ...named, "--preset", "g8m8p7", "--json");
    expect(code).toBe(ExitCode.ok);
    const { outputs, mismatches, split, cycles } = JSON.parse(out);
    expect(mismatches).toBe(0);
    expect(outputs).toHaveLength(8);
    expect(outputs[0]).toMatchObject({ name: "rpn32/objectness", shape: "3x1x1", mismatches: 0 });
    // Each is compared in the run with every result stored and in the one that is measured.
    for (const { shape, comparedValues } of outputs) {
      const values = shape.split("x").reduce((product: number, extent: string) => product * Number(extent), 1);
      expect(comparedValues).toBe(2 * values);
    }
    const parts: readonly number[] = Object.values(split);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(cycles);
  });

  it("equal seeds give equal runs, an ideal memory a faster one", async () => {
    const run = async (...more: string[]) => {
      const { out } = await vargen(
        "simulate",
        ...small,
        "--preset",
        "g8m1p1",
        "--block",
        "stage1.down",
        ...more,
        "--json",
      );
      const { simSeconds, cyclesPerSecond, command, ...facts } = JSON.parse(out);
      return facts;
    };
    const ddr = await run();
    expect(await run()).toEqual(ddr);
    expect((await run("--memory", "ideal")).cycles).toBeLessThan(ddr.cycles);
  });

  it("runs a layer on real images and writes its waveform", async () => {
    const vcd = inFolder("conv1.vcd");
    const images = ["--images", data("fashion-test-1000-images.idx.gz"), "--count", "2"];
    const window = ["--vcd", vcd, "--from", "100", "--to", "140"];
    const outcome = await vargen("simulate", ...shipped, "--layer", "fc", ...images, "--preset", "g8m1p1", ...window);
    expect(outcome).toMatchObject({ code: ExitCode.ok });
    expect(outcome.out).toMatch(/^fc +gemm +1280 /m);
    expect(outcome.out).toContain("0 mismatches");
    const times = [...readFileSync(vcd, "utf8").matchAll(/^#(\d+)$/gm)].map(([, time]) => Number(time));
    expect(times[times.length - 1] - times[0]).toBe(10 * (140 - 100) + 5);
    expect(readdirSync(inFolder())).toEqual(["conv1.vcd"]);
  });

  it("reports the accuracy where there are labels", async () => {
    const images = [
      "--images",
      data("fashion-test-1000-images.idx.gz"),
      "--labels",
      data("fashion-test-1000-labels.idx.gz"),
    ];
    const { code, out } = await vargen(
      "simulate",
      ...shipped,
      ...images,
      "--count",
      "3",
      "--preset",
      "g8m8p7",
      "--json",
    );
    expect(code).toBe(ExitCode.ok);
    expect(JSON.parse(out)).toMatchObject({ accuracy: { total: 3 }, inputs: 3, mismatches: 0 });
  });
});
