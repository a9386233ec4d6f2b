import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { vargen } from "../testing/run.ts";

describe("demo", () => {
  it("classifies real images in the RTL and says what to try next", async () => {
    const { code, out, err } = await vargen("demo", "--count", "3");
    expect(code).toBe(ExitCode.ok);
    expect(err).toContain("RTL of g8m8p7 (448 MACs) written to");
    expect(err).toContain("inputs 3/3");
    for (const line of [
      /accuracy, RTL +\d of 3 /,
      /accuracy, float +\d of 3 /,
      /cycles per image +[\d,]+ /,
      /MAC utilisation +\d+\.\d % of 448 MAC units/,
      /simulation speed +[\d,]+ cycles in \d+\.\d s: [\d,]+ cycles\/s/,
      /compared +[\d,]+ output values with the reference: 0 mismatches/,
      /Next:\n +.*presets/,
    ])
      expect(out).toMatch(line);
    expect(readdirSync(join(repositoryRoot(), "out/g8m8p7"))).toContain("vargen_g8m8p7.v");
  });

  it("gives the same facts as JSON", async () => {
    const { out } = await vargen("demo", "--count", "2", "--memory", "ideal", "--json");
    expect(JSON.parse(out)).toMatchObject({
      inputs: 2,
      mismatches: 0,
      memory: "ideal",
      accuracy: { total: 2 },
      floatAccuracy: { total: 2 },
    });
  });

  it("has a thousand images and no more", async () => {
    const { code, err } = await vargen("demo", "--count", "1001");
    expect(code).toBe(ExitCode.usage);
    expect(err).toContain("images/count --count: 1000 images are shipped, fewer than the 1001 asked for");
  });
});
