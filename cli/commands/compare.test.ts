import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { largePoolNetwork } from "../../host/testing/networks.ts";
import { ExitCode } from "../../models/errors.ts";
import { networkNames } from "../../models/networks/index.ts";
import { writeNetwork } from "../../models/onnx/index.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { parseNetworks } from "../compare/networks.ts";
import { pairsOf } from "../compare/pairs.ts";
import { clockHz, isMeasured, type MeasuredRow } from "../compare/row.ts";
import { describeComparison } from "../compare/text.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const inFolder = temporaryFolder();

const small = ["--input-size", "32", "--classes", "10"];
const both = "vargnet-v1@x0.25,mobilenet-v1@x0.35";

async function rowsOf(...args: readonly string[]): Promise<readonly MeasuredRow[]> {
  const { code, out, err } = await vargen("compare", ...args, "--json");
  expect({ code, err }).toEqual({ code: ExitCode.ok, err: "" });
  return JSON.parse(out).rows.filter(isMeasured);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("compare", () => {
  it("gives utilisation, cycles and traffic, and where the cycles go", async () => {
    const rows = await rowsOf(both, ...small);
    expect(rows.map(({ network }) => network)).toEqual(["vargnet-v1@g8x0.25:32", "mobilenet-v1@x0.35:32"]);
    for (const row of rows) {
      expect(row).toMatchObject({ source: "cycle model", peakMacs: 448, predictedCycles: row.cycles });
      expect(row.utilization).toBeCloseTo(row.madds / (448 * row.cycles), 12);
      expect(row.imagesPerSecond).toBeCloseTo(clockHz / row.cycles, 9);
      expect(row.bytesPerMac).toBeCloseTo((row.dramReadBytes + row.dramWriteBytes) / row.madds, 12);
      expect(sum(Object.values(row.split))).toBe(row.cycles);
      expect(sum(row.kinds.map(({ cycles }) => cycles))).toBe(row.cycles);
      expect(sum(row.kinds.map(({ macs }) => macs))).toBe(row.madds);
    }
    const kinds = rows.map((row) => row.kinds.map(({ kind }) => kind));
    expect(kinds).toEqual([
      ["group", "pointwise", "dense", "fully connected", "pool"],
      ["depthwise", "pointwise", "dense", "fully connected", "pool"],
    ]);
  });

  it("prints tables that say what the figures mean, and draws a picture", async () => {
    const plot = inFolder("compare.svg");
    const { code, out, err } = await vargen("compare", both, ...small, "--plot", plot);
    expect(code).toBe(ExitCode.ok);
    expect(err).toContain("2/2 mobilenet-v1@x0.35:32: compiling for vargen_g8m8p7\n");
    expect(out).toMatch(/^vargnet-v1@g8x0\.25:32 +3x32x32 +1,\d{3},\d{3} +\d+,\d{3} +\d+\.\d % /m);
    expect(out).toContain("useful: MACs of the network's weights / (MAC units x all cycles");
    expect(out).not.toMatch(/NaN|undefined/);
    const svg = readFileSync(plot, "utf8");
    for (const text of ["vargnet-v1@g8x0.25:32", "depthwise", "Cycles taken for each cycle needed"])
      expect(svg).toContain(`>${text}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("runs the RTL on the largest input that is quick enough, and compares every output", async () => {
    const [whole, part] = await rowsOf(
      "vargnet-v2@x0.25:64",
      "--classes",
      "10",
      "--simulate",
      "--minutes",
      "0.0024",
      "--reference-minutes",
      "1",
    );
    expect(whole).toMatchObject({ source: "cycle model", input: "3x64x64", referenceValues: 10 });
    expect(part).toMatchObject({ source: "RTL", input: "3x32x32", network: "vargnet-v2@g8x0.25:32", mismatches: 0 });
    expect(part.cycles).toBeLessThan(0.0024 * 60 * 250_000);
    expect(part.comparedValues).toBeGreaterThanOrEqual(10);
    expect(sum(Object.values(part.split))).toBe(part.cycles);
    expect(sum(part.kinds.map(({ cycles }) => cycles))).toBe(part.cycles);
    expect(Math.abs(part.predictedCycles / part.cycles - 1)).toBeLessThan(0.05);
  });

  it("a network that the configuration cannot run has a row with the reason", async () => {
    const file = inFolder("pool.onnx");
    writeFileSync(file, writeNetwork(largePoolNetwork()));
    const { code, out } = await vargen("compare", file, "--preset", "g8m1p1", "--json");
    expect(code).toBe(ExitCode.ok);
    const [row] = JSON.parse(out).rows;
    expect(row).toMatchObject({ network: file, input: "8x50x50", problems: [{ code: "compile/does-not-fit" }] });
    expect(describeComparison([row], [], false)).toMatch(/^Cannot run\n.*compile\/does-not-fit pool: /);
  });

  it.each([
    ["an unknown network", ["vargnet-v9"], ExitCode.input, ["network/unknown vargnet-v9"]],
    ["bad syntax", ["vargnet-v1@0.5"], ExitCode.usage, ["usage/out-of-range --networks"]],
    ["a group for a network without", ["mobilenet-v1@g8"], ExitCode.usage, ["usage/conflict --group"]],
    [
      "a scale for a network without, among others",
      ["mobilenet-v1,resnet-18,resnet-50", "--scale", "0.5"],
      ExitCode.usage,
      ["usage/conflict --scale", "usage/conflict --scale"],
    ],
    ["a scale for networks at scales", ["paper", "--scale", "0.5"], ExitCode.usage, ["usage/conflict --scale"]],
    ["a picture nowhere", ["mobilenet-v1", "--plot", "/dev/null/x"], ExitCode.input, ["plot/unwritable /dev/null/x"]],
  ])("refuses %s", async (_, args, code, problems) => {
    const outcome = await vargen("compare", ...args, "--json");
    expect({ code: outcome.code, problems: problemCodes(outcome) }).toEqual({ code, problems });
  });
});

describe("parseNetworks", () => {
  const none = { scale: undefined, group: undefined, inputSize: undefined, classes: undefined };
  const defaults = { ...none, seed: 1, groupWidth: 8 };

  it("takes sets, and what is asked of all for those that have it", () => {
    const labels = parseNetworks("all", { ...defaults, group: 4, classes: 7 }).map(({ label }) => label);
    expect(labels).toEqual(networkNames.map((name) => (name.startsWith("vargnet") ? `${name}@g4` : name)));
    const paper = parseNetworks("paper,vargnet-v1@x0.5", defaults).map(({ label }) => label);
    expect(paper.slice(0, 2)).toEqual(["vargnet-v1@g8x0.25", "mobilenet-v1@x0.35"]);
    expect(new Set(paper).size).toBe(paper.length);
  });

  it("names a variant as it could be asked for", () => {
    const list = "vargnet-v1-depth@g4x0.25:64x192,shufflenet-v2:224,vargnet-v2@g16";
    const labels = parseNetworks(list, defaults).map(({ label }) => label);
    expect(labels).toEqual(["vargnet-v1-depth@g4x0.25:64x192", "shufflenet-v2", "vargnet-v2@g16"]);
    expect(parseNetworks(labels.join(","), defaults).map(({ label }) => label)).toEqual(labels);
  });
});

it("pairs a VarGNet with the nearest of every other network, of the same task on the same input", () => {
  const row = (name: string, madds: number, utilization: number, input = "3x8x8") =>
    ({ name, network: `${name}-${madds}`, madds, utilization, input, source: "RTL" }) as MeasuredRow;
  const rows = [
    row("vargnet-v1", 100, 0.9),
    row("mobilenet-v1", 90, 0.4),
    row("mobilenet-v1", 104, 0.6),
    row("shufflenet-v2", 200, 0.5),
    row("mobilenet-v1-face", 100, 0.3),
    row("resnet-18", 100, 0.3, "3x9x9"),
  ];
  expect(pairsOf(rows)).toEqual([{ vargnet: rows[0], other: rows[2], speedup: expect.closeTo(1.5, 9) }]);
});
