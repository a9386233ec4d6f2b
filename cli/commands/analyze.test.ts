import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const inFolder = temporaryFolder();

describe("analyze", () => {
  it("lists layers and compares the balance of blocks with MobileNet's", async () => {
    const { code, out, err } = await vargen("analyze", "vargnet-v1");
    expect({ code, err }).toEqual({ code: ExitCode.ok, err: "" });
    expect(out).toContain("vargnet-v1-1x-g8: 620,195,840 MAdds\n");
    expect(out).toMatch(/^stage3\.normal1\/sep_a\.group +group +7,225,344 +96\.0 +3\.6 x +█+$/m);
    expect(out).toMatch(/^ +vargnet-v1-1x-g8 +4\.9 x on average, 14\.2 x at worst$/m);
    expect(out).toMatch(/^ +mobilenet-v1-1x +44\.4 x on average, 189\.6 x at worst$/m);
  });

  it("takes the size of the network, another to compare with, and gives JSON", async () => {
    const { out } = await vargen(
      ...["analyze", "--network", "vargnet-v2", "--scale", "0.5", "--group", "4"],
      ...["--input-size", "64", "--classes", "10", "--against", "shufflenet-v2", "--json"],
    );
    const analysis = JSON.parse(out);
    expect(analysis).toMatchObject({ network: "vargnet-v2-0.5x-g4", against: { network: "shufflenet-v2-1x" } });
    expect(analysis.layers[0]).toEqual({
      name: "conv1",
      kind: "dense",
      madds: 32 * 32 * 16 * 27,
      values: (3 * 64 * 64 + 16 * 32 * 32) / 2,
      intensity: expect.closeTo(442368 / 14336, 9),
    });
    expect(analysis.blocks[0]).toMatchObject({ block: "stage1.head", layers: 6 });
    expect(JSON.parse((await vargen("analyze", "mobilenet-v1", "--json")).out).against.network).toBe(
      "vargnet-v1-1x-g8",
    );
  });

  it("reads ONNX files", async () => {
    const file = join(repositoryRoot(), "models/data/vargnet-fashion.onnx");
    const { code, out } = await vargen("analyze", file, "--json");
    expect(code).toBe(ExitCode.ok);
    const { layers, blocks } = JSON.parse(out);
    expect(layers.length).toBeGreaterThan(10);
    expect(blocks.length).toBeGreaterThan(2);
  });

  it("draws a picture", async () => {
    const file = inFolder("plot.svg");
    const { code, out } = await vargen("analyze", "vargnet-v1", "--scale", "0.25", "--plot", file);
    expect(code).toBe(ExitCode.ok);
    expect(out).toContain(`plot: ${file}`);
    const svg = readFileSync(file, "utf8");
    expect(svg).toMatch(/^<svg [^>]*width="\d+"/);
    for (const text of ["vargnet-v1-0.25x-g8", "mobilenet-v1-1x", "stage3.normal1", "block13", "pointwise", "190×"])
      expect(svg).toContain(`>${text}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ["no network", [], ExitCode.usage, ["usage/missing NETWORK"]],
    ["two networks", ["vargnet-v1", "vargnet-v2"], ExitCode.usage, ["usage/unexpected vargnet-v2"]],
    ["an unknown network", ["vargnet-v9"], ExitCode.input, ["network/unknown vargnet-v9"]],
    ["an unknown network to compare with", ["vargnet-v1", "--against", "x"], ExitCode.input, ["network/unknown x"]],
    ["a scale out of range", ["shufflenet-v2", "--scale", "2"], ExitCode.input, ["network/option scale"]],
    [
      "options that it does not have",
      ["resnet-18", "--scale", "1", "--group", "8"],
      ExitCode.usage,
      ["usage/conflict --scale", "usage/conflict --group"],
    ],
    [
      "a plot that cannot be written",
      ["vargnet-v1", "--plot", "/dev/null/x"],
      ExitCode.input,
      ["plot/unwritable /dev/null/x"],
    ],
  ])("refuses %s", async (_what, args, code, problems) => {
    const outcome = await vargen("analyze", ...args, "--json");
    expect(outcome.code).toBe(code);
    expect(problemCodes(outcome)).toEqual(problems);
  });
});
