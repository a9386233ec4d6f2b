import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../hdl-gen/index.ts";
import type { Exploration } from "../../host/explore/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { problemCodes, vargen } from "../testing/run.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vargen-explore-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("explore", () => {
  it("prints a front and writes the fastest configuration, which generate takes", async () => {
    const file = join(folder, "made/fast.json");
    const { code, out } = await vargen("explore", "vargnet-fashion", "--device", "xczu3eg", "-o", file);
    expect(code).toBe(ExitCode.ok);
    expect(out).toMatch(/^vargnet-fashion on xczu3eg at 200 MHz \(assumed, not timed\), memory ddr$/m);
    expect(out).toMatch(/^> +g\d+m\d+p\d+ /m);
    expect(out).toMatch(/configurations fit; \d+ of them were compiled for/);
    expect(loadConfig(file).name).toMatch(/^xczu3eg_g\d+m\d+p\d+$/);
    const generated = await vargen("generate", "--config", file, "-o", join(folder, "rtl"));
    expect(generated.code).toBe(ExitCode.ok);
  });

  it("finds the smallest that reaches a rate", async () => {
    const file = join(folder, "small.json");
    const rate = ["--fps", "1500", "--clock", "100"];
    const { out } = await vargen("explore", "vargnet-fashion", "--device", "xck26", ...rate, "-o", file, "--json");
    const { front, chosen, candidates }: Exploration = JSON.parse(out);
    expect(candidates).toBeGreaterThan(5000);
    expect(chosen.imagesPerSecond).toBeGreaterThanOrEqual(1500);
    expect(chosen.imagesPerSecond).toBeCloseTo(100e6 / chosen.cycles, 6);
    for (const { share, imagesPerSecond } of front)
      if (imagesPerSecond >= 1500) expect(share).toBeGreaterThanOrEqual(chosen.share);
    for (let i = 1; i < front.length; i++) {
      expect(front[i].share).toBeGreaterThanOrEqual(front[i - 1].share);
      expect(front[i].imagesPerSecond).toBeGreaterThan(front[i - 1].imagesPerSecond);
    }
    expect(loadConfig(file)).toEqual(chosen.config);
  });

  it("says what would be possible where a device is too small or too slow", async () => {
    const small = await vargen("explore", "vargnet-fashion", "--device", "ice40up5k", "--clock", "24");
    expect(small.code).toBe(ExitCode.doesNotFit);
    expect(small.err).toMatch(/explore\/too-small ice40up5k: the smallest configuration, g\d+m\d+p1, takes [\d,]+ LUT/);
    expect(small.err).toContain("the smallest device that holds it is xc7z020");
    const file = join(folder, "none.json");
    const slow = await vargen("explore", "vargnet-fashion", "--device", "xc7z020", "--fps", "7000", "-o", file);
    expect(slow.code).toBe(ExitCode.doesNotFit);
    expect(slow.err).toMatch(
      /explore\/too-slow xc7z020: .* reaches [\d.]+ images\/s at 200 MHz, not 7000: with g\d+m\d+p\d+/,
    );
    expect(slow.err).toMatch(/a clock of \d+ MHz/);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ["no device", ["vargnet-fashion"], ExitCode.usage, ["usage/missing --device"]],
    ["an unknown device", ["vargnet-fashion", "--device", "xc2064"], ExitCode.input, ["explore/unknown-device xc2064"]],
    ["a rate out of range", ["vargnet-fashion", "--fps", "-1"], ExitCode.usage, ["usage/out-of-range --fps"]],
  ])("refuses %s", async (_what, args, code, problems) => {
    const outcome = await vargen("explore", ...args, "--json");
    expect(outcome.code).toBe(code);
    expect(problemCodes(outcome)).toEqual(problems);
  });
});
