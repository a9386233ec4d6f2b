import { describe, expect, it } from "vitest";
import { ExitCode } from "../../models/errors.ts";
import { whyInexact } from "../../models/testing/exactness.ts";
import { temporaryFolder } from "../../models/testing/temporary-folder.ts";
import { vargen } from "../testing/run.ts";

const inexact = await whyInexact();
const images = "models/data/fashion-test-1000-images.idx.gz";

const inFolder = temporaryFolder();

describe("vargen classify", () => {
  it.skipIf(inexact)("compares the shipped network with the reference and ONNX Runtime", async () => {
    const { code, out } = await vargen("classify", "--count", "3", "--memory", "ideal");
    expect(code).toBe(ExitCode.ok);
    expect(out).toMatch(/accuracy +3 of 3 \(100\.0 %\)/);
    expect(out).toMatch(/reference +3 of 3 predictions, [\d,]+ values compared, 0 mismatches/);
    expect(out).toContain("3 of 3 predictions as ONNX Runtime, 30 logits compared, 0 mismatches");
    expect(out).toMatch(/cycles per image +\d\d,\d{3} \(predicted \d\d,\d{3}\), memory ideal/);
    expect(out).toContain("useful MACs / (448 MAC units x total cycles), everything included");
  });

  it.skipIf(inexact)("runs what quantize and export wrote, as JSON", async () => {
    const file = inFolder("fashion.onnx");
    const calibrated = ["--calibration", images, "--count", "4", "-o", file];
    expect((await vargen("quantize", "models/data/vargnet-fashion.float.onnx", ...calibrated)).code).toBe(ExitCode.ok);
    const { code, out } = await vargen("classify", file, "--images", images, "--count", "2", "--json");
    expect(code).toBe(ExitCode.ok);
    const facts = JSON.parse(out);
    expect(facts).toMatchObject({
      ...{ inputs: 2, mismatches: 0, peakMacs: 448, reference: { samePredictions: 2 }, predictions: [9, 2] },
      onnxRuntime: {
        integer: { samePredictions: 2, comparedValues: 20, mismatches: 0 },
        file: { samePredictions: 2, comparedValues: 20, mismatches: 0 },
      },
    });
    expect(facts).not.toHaveProperty("accuracy");
  });

  it.each<[string, readonly string[], string]>([
    ["a file without images", ["models/data/vargnet-fashion.onnx"], "usage/missing --images"],
    ["labels without images", ["--labels", images], "usage/conflict --labels"],
    ["more images than there are", ["--count", "1001"], "images/count"],
    ["images that are not there", ["--images", "nowhere"], "images/unreadable"],
    ["a float network", ["models/data/vargnet-fashion.float.onnx", "--images", images], "onnx/"],
  ])("refuses %s", async (_, options, words) => {
    const { code, err } = await vargen("classify", ...options);
    expect(code).toBeGreaterThanOrEqual(ExitCode.usage);
    expect(err).toContain(words);
  });

  it("refuses a network whose output is a map", async () => {
    const file = inFolder("map.onnx");
    const size = ["--scale", "0.25", "--input-size", "64"];
    expect((await vargen("export", "vargnet-v1-detection", ...size, "-o", file)).code).toBe(ExitCode.ok);
    const { code, err } = await vargen("classify", file, "--images", images);
    expect(code).toBe(ExitCode.input);
    expect(err).toContain("network/no-classifier");
  });
});
