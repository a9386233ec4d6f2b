import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { floatInput, largestIndex, loadImages, quantizedInput } from "../dataset/index.ts";
import { tensorOf } from "../ir/network.ts";
import { readNetwork } from "../onnx/index.ts";
import { whyInexact } from "../testing/exactness.ts";
import { loadModel, type NamedValue } from "../testing/onnxruntime.ts";

const inexact = await whyInexact();

const data = new URL("../data/", import.meta.url);
const shape = [1, 1, 28, 28];
/** Networks trained for more than the four epochs of the comparison. */
const long = ["vargnet-fashion", "vargnet-v1-g8-large-fashion"];
const names = readdirSync(data)
  .filter((name) => name.endsWith(".float.onnx"))
  .map((name) => name.replace(".float.onnx", ""));
const file = (name: string): URL => new URL(name, data);
const { images, labels } = loadImages(
  file("fashion-test-1000-images.idx.gz").pathname,
  file("fashion-test-1000-labels.idx.gz").pathname,
);

test("the subset is 1,000 images of 28x28 and 1,000 labels in idx format", () => {
  const [pixels, classes] = ["images", "labels"].map((name) =>
    gunzipSync(readFileSync(file(`fashion-test-1000-${name}.idx.gz`))),
  );
  expect([0, 4, 8, 12].map((offset) => pixels?.readUInt32BE(offset))).toEqual([0x0803, 1000, 28, 28]);
  expect([0, 4].map((offset) => classes?.readUInt32BE(offset))).toEqual([0x0801, 1000]);
  expect([pixels?.length, classes?.length]).toEqual([16 + 1000 * 28 * 28, 8 + 1000]);
});

describe.each(names)("%s on the 1,000 images in ONNX Runtime", (name) => {
  const least = long.includes(name) ? 0.92 : 0.88;

  test("the float network classifies as many as it should", async () => {
    const correct = await share(`${name}.float.onnx`, (pixels) => ({
      name: "image",
      type: "float32",
      shape,
      data: floatInput(pixels),
    }));
    expect(correct).toBeGreaterThanOrEqual(least);
  });

  test.skipIf(inexact)("so does the int8 network", async () => {
    const network = readNetwork(readFileSync(file(`${name}.onnx`)), name);
    const { quantization } = tensorOf(network, network.input);
    const correct = await share(`${name}.onnx`, (pixels) => ({
      name: network.input,
      type: quantization.dtype,
      shape,
      data: quantizedInput(pixels, quantization),
    }));
    expect(correct).toBeGreaterThanOrEqual(least);
  });
});

/** The share of the images that a model classifies correctly. */
async function share(model: string, input: (pixels: Uint8Array) => NamedValue): Promise<number> {
  const run = await loadModel(readFileSync(file(model)));
  let right = 0;
  for (const [i, pixels] of images.entries()) {
    const [logits] = (await run([input(pixels)])).values();
    if (logits !== undefined && largestIndex(logits) === labels[i]) right++;
  }
  return right / images.length;
}
