import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";
import { beforeAll, describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { readNetwork } from "../../models/onnx/index.ts";
import { Random } from "../../models/random/random.ts";
import { FloatBuilder } from "../../models/testing/float-onnx.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { problemCodes, vargen } from "../testing/run.ts";

const file = temporaryFolder();

/** A small classifier of 3x8x8 images, as PyTorch exports it. */
function classifier(): FloatBuilder {
  const g = new FloatBuilder(new Random(1), [1, 3, 8, 8]);
  g.conv(8, { kernel: [3, 3], groups: 1, pads: [1, 1, 1, 1], stride: 2 }, false);
  g.batchNormalization();
  g.clip(6);
  g.conv(8, { kernel: [3, 3], groups: 2, pads: [1, 1, 1, 1] });
  g.relu();
  g.globalPool("ReduceMean");
  g.flatten();
  g.matmul(4);
  g.output();
  return g;
}

/** An idx file of bytes. */
function idx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [i, extent] of shape.entries()) header.writeUInt32BE(extent, 4 + 4 * i);
  return Buffer.concat([header, values]);
}

beforeAll(() => {
  writeFileSync(file("float.onnx"), classifier().build());
  mkdirSync(file("images"));
  mkdirSync(file("empty"));
  const random = new Random(2);
  for (let i = 0; i < 12; i++) {
    const image = new PNG({ width: 8, height: 8 });
    for (let k = 0; k < 256; k++) image.data[k] = k % 4 === 3 ? 255 : random.integer(0, 255);
    writeFileSync(file(`images/${i}.png`), PNG.sync.write(image));
  }
  writeFileSync(file("labels.idx"), idx([12], new Uint8Array(12).fill(1)));
});

const statistics = ["--mean", "0.5,0.5,0.5", "--std", "0.25"];

describe("vargen quantize", () => {
  it("writes a network that vargen reads, and tells each layer's error", async () => {
    const output = file("new/int8.onnx");
    const options = ["--calibration", file("images"), ...statistics, "-o", output];
    const { code, out } = await vargen("quantize", file("float.onnx"), ...options);
    expect(code).toBe(ExitCode.ok);
    expect(out).toMatch(/^Conv_0 +conv +\d+\.\d +\d+\.\d +0\.000 +\d/m);
    expect(out).toMatch(/worst layer +\w+: \d\d\.\d dB/);
    expect(out).toContain("calibration       12 images, minmax, uint8 activations");
    const network = readNetwork(readFileSync(output), output);
    expect(network.layers.map(({ kind }) => kind)).toEqual(["conv", "conv", "globalAveragePool", "gemm"]);
    // ReLU6: no value above 6.
    const { scale, zeroPoint } = network.tensors.get("Conv_0")?.quantization ?? { scale: 1, zeroPoint: 0 };
    expect(scale * (255 - zeroPoint)).toBeLessThanOrEqual(6 * 1.00001);
  });

  it("gives equal files for equal seeds, other ones for other methods and images", async () => {
    const written = async (...more: string[]): Promise<string> => {
      const output = file("again.onnx");
      const options = ["--calibration", file("images"), ...statistics, "--count", "2", "-o", output];
      expect((await vargen("quantize", file("float.onnx"), ...options, ...more)).code).toBe(ExitCode.ok);
      return readFileSync(output).toString("base64");
    };
    const first = await written();
    expect(await written()).toBe(first);
    for (const more of [
      ["--seed", "2"],
      ["--method", "percentile", "--percentile", "99"],
    ])
      expect(await written(...more), more.join(" ")).not.toBe(first);
  });

  it("evaluates both networks, in the integer form with int8 activations, as JSON", async () => {
    const test = ["--images", file("images"), "--labels", file("labels.idx"), ...statistics];
    const form = ["--format", "qoperator", "--activations", "int8", "-o", file("q.onnx"), "--json"];
    const run = await vargen("quantize", file("float.onnx"), "--calibration", file("images"), ...test, ...form);
    expect(run.err).not.toContain("problem");
    const facts = JSON.parse(run.out);
    expect(facts).toMatchObject({ format: "qoperator", activations: "int8", images: 12, unmapped: [] });
    expect(facts.accuracy).toMatchObject({ total: 12, same: expect.any(Number) });
    expect(facts.accuracy.same).toBeGreaterThan(9);
    expect(facts.layers).toHaveLength(4);
    const network = readNetwork(readFileSync(file("q.onnx")), "q.onnx");
    expect(network.tensors.get(network.input)?.quantization.dtype).toBe("int8");
  });

  it("asks for everything that is missing at once", async () => {
    const outcome = await vargen("quantize", "--labels", "x", "--percentile", "40", "--json");
    expect(outcome.code).toBe(ExitCode.usage);
    expect(problemCodes(outcome)).toEqual([
      "usage/missing NETWORK",
      "usage/missing --calibration",
      "usage/missing --output",
      "usage/conflict --images, --labels",
      "usage/out-of-range --percentile",
    ]);
  });

  it.each<[string, () => readonly string[], string]>([
    ["an empty folder", () => ["--calibration", file("empty")], "images/none"],
    ["a folder that is not there", () => ["--calibration", file("nowhere")], "images/unreadable"],
    ["images of another size", () => ["--calibration", "models/data/fashion-test-1000-images.idx.gz"], "images/size"],
    ["a wrong number of means", () => ["--calibration", file("images"), "--mean", "1,2"], "usage/conflict --mean"],
    ["a deviation of 0", () => ["--calibration", file("images"), "--std", "1,0,1"], "usage/out-of-range --std"],
    ["labels for other images", () => evaluated("models/data/fashion-test-1000-labels.idx.gz"), "labels/count"],
    ["labels that are none", () => evaluated(file("float.onnx")), "images/damaged"],
    ["labels that are not there", () => evaluated(file("none.idx")), "labels/unreadable"],
  ])("refuses %s, and writes nothing", async (_, options, words) => {
    const { code, err } = await vargen("quantize", file("float.onnx"), ...options(), "-o", file("no.onnx"));
    expect(code).toBeGreaterThanOrEqual(ExitCode.usage);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain(words);
    expect(existsSync(file("no.onnx"))).toBe(false);
    expect(readdirSync(file()).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("refuses images and weights that are no numbers, and networks that are quantised already", async () => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 8, 8), }`.padEnd(117);
    const bytes = Buffer.from(new Float32Array(192).fill(Number.NaN).buffer);
    const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]);
    writeFileSync(file("nan.npy"), Buffer.concat([prefix, Buffer.from(`${header}\n`), bytes]));
    const output = ["-o", file("no.onnx")];
    const images = await vargen("quantize", file("float.onnx"), "--calibration", file("nan.npy"), ...output);
    expect(images).toMatchObject({ code: ExitCode.input });
    expect(images.err).toContain("calibration/not-finite image 0");
    const g = classifier();
    g.current = g.input;
    g.apply("Mul", [g.constant([], Float32Array.of(Number.POSITIVE_INFINITY))]);
    g.output();
    writeFileSync(file("inf.onnx"), g.build());
    const weights = await vargen("quantize", file("inf.onnx"), "--calibration", file("images"), ...output);
    expect(weights.err).toContain("a weight or bias is not a finite number");
    const int8 = ["models/data/vargnet-fashion.onnx", "--calibration", file("images"), ...output];
    expect((await vargen("quantize", ...int8)).err).toContain("see vargen import");
    expect(existsSync(file("no.onnx"))).toBe(false);
  });
});

function evaluated(labels: string): readonly string[] {
  return ["--calibration", file("images"), "--images", file("images"), "--labels", labels];
}
