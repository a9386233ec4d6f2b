import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../hdl-gen/index.ts";
import { largePoolNetwork } from "../../host/testing/networks.ts";
import { ExitCode } from "../../models/errors.ts";
import { writeNetwork } from "../../models/onnx/index.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const data = (name: string): string => join(repositoryRoot(), "models/data", name);
const shipped = ["--network", data("vargnet-fashion.onnx")];
const small = ["--network", "vargnet-v1", "--scale", "0.25", "--input-size", "16", "--classes", "10"];

const inFolder = temporaryFolder(beforeEach, afterEach);

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
};

describe("bad input", () => {
  const truncated = (name: string): string => file("cut", readFileSync(data(name)).subarray(0, 1000));
  const cases: readonly (readonly [string, () => readonly string[], ExitCode, RegExp])[] = [
    ["no network", () => [], ExitCode.usage, /usage\/missing --network: .*vargnet-v1 or vargnet-v2/],
    ["a missing network", () => ["--network", "none.onnx"], ExitCode.input, /network\/unreadable none\.onnx/],
    [
      "a damaged network",
      () => ["--network", truncated("vargnet-fashion.onnx")],
      ExitCode.input,
      /onnx\/damaged .*cut/,
    ],
    ["text for a network", () => ["--network", file("x.onnx", "hello")], ExitCode.input, /onnx\/damaged/],
    ["an unknown preset", () => [...shipped, "--preset", "g9"], ExitCode.input, /config\/unknown-preset g9/],
    [
      "an unknown memory",
      () => [...shipped, "--memory", "sram"],
      ExitCode.usage,
      /--memory: cannot be 'sram'.*ddr, ideal/,
    ],
    ["an unknown layer", () => [...shipped, "--layer", "conv9"], ExitCode.input, /no such layer.*conv1/],
    ["an unknown block", () => [...shipped, "--block", "stage9"], ExitCode.input, /no such block.*stage1\.down/],
    ["layer and block", () => [...shipped, "--layer", "a", "--block", "b"], ExitCode.usage, /usage\/conflict --block/],
    [
      "--scale for a file",
      () => [...shipped, "--scale", "1"],
      ExitCode.usage,
      /--scale: applies to named networks only/,
    ],
    ["labels alone", () => [...shipped, "--labels", "x"], ExitCode.usage, /--labels: needs --images/],
    ["a window without a file", () => [...shipped, "--to", "5"], ExitCode.usage, /need --vcd/],
    [
      "an empty window",
      () => [...shipped, "--vcd", "x", "--from", "9", "--to", "5"],
      ExitCode.usage,
      /5 is before --from 9/,
    ],
    ["missing images", () => [...shipped, "--images", "none.idx"], ExitCode.input, /images\/unreadable none\.idx/],
    [
      "damaged images",
      () => [...shipped, "--images", truncated("fashion-test-1000-images.idx.gz")],
      ExitCode.input,
      /images\/damaged/,
    ],
    [
      "labels for images",
      () => [...shipped, "--images", data("fashion-test-1000-labels.idx.gz")],
      ExitCode.input,
      /images\/shape/,
    ],
    [
      "images of another size",
      () => [...small, "--images", data("fashion-test-1000-images.idx.gz")],
      ExitCode.input,
      /images\/size .*1x28x28.*3x16x16/,
    ],
    [
      "too few images",
      () => [...shipped, "--images", data("fashion-test-1000-images.idx.gz"), "--count", "1001"],
      ExitCode.input,
      /it holds 1000 images, fewer than the 1001/,
    ],
    [
      "a G that does not divide the channels",
      () => [...small, "--group", "6"],
      ExitCode.input,
      /G is 6, not 4, 8 or 16/,
    ],
    [
      "a group for a network without",
      () => ["--network", "mobilenet-v1", "--group", "8"],
      ExitCode.usage,
      /usage\/conflict --group: mobilenet-v1 has none \(it has: --scale, --input-size, --classes\)/,
    ],
    [
      "an input of another shape",
      () => ["--network", "mobilenet-v1", "--input-size", "32x"],
      ExitCode.usage,
      /--input-size: cannot be '32x'.*height x width/,
    ],
    ["an impossible scale", () => ["--network", "vargnet-v2", "--scale", "0.3"], ExitCode.input, /multiple of 1\/32/],
  ];

  it.each(cases)("%s", async (_what, args, code, message) => {
    const outcome = await vargen("simulate", ...args());
    expect(outcome.err).toMatch(message);
    expect(outcome).toMatchObject({ code, out: "" });
    expect(outcome.err).not.toMatch(/\n\s+at /);
  });

  it("a network that does not fit: tensor, bytes, and what would do", async () => {
    const network = file("pool.onnx", writeNetwork(largePoolNetwork()));
    const outcome = await vargen("simulate", "--network", network, "--preset", "g8m1p1");
    expect(outcome.code).toBe(ExitCode.doesNotFit);
    expect(outcome.err).toMatch(
      /compile\/does-not-fit pool: .*tensor 'conv'.* \d+ bytes are needed on chip, 8192 are available \(it fits .*g8m8p7/,
    );
  });

  it("problems as JSON, nothing on stderr", async () => {
    const outcome = await vargen("simulate", ...shipped, "--layer", "x", "--json");
    expect(problemCodes(outcome)).toEqual(["network/unknown-layer x"]);
    expect(outcome.err).toBe("");
  });

  it("a missing Verilator", () => {
    const bin = join(repositoryRoot(), "bin/vargen.mjs");
    const env = { ...process.env, PATH: inFolder(), VARGEN_CACHE: inFolder("cache") };
    const { status, stderr, stdout } = spawnSync(process.execPath, [bin, "simulate", ...shipped], {
      env,
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: ExitCode.missingTool, stdout: "" });
    expect(stderr).toMatch(/tool\/missing verilator: .*apt-get install -y verilator/);
  });
});
