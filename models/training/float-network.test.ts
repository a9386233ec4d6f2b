import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";

const IMAGES = 1000;
const PIXELS = 28 * 28;

function dataFile(name: string): string {
  return fileURLToPath(new URL(`../data/${name}`, import.meta.url));
}

function indexOfLargest(values: ArrayLike<unknown>): number {
  const numbers = Array.from(values, Number);
  return numbers.indexOf(Math.max(...numbers));
}

describe("the shipped data", () => {
  const images = gunzipSync(readFileSync(dataFile("fashion-test-1000-images.idx.gz")));
  const labels = gunzipSync(readFileSync(dataFile("fashion-test-1000-labels.idx.gz")));

  test("the subset is 1,000 images of 28x28 and 1,000 labels in idx format", () => {
    expect([0, 4, 8, 12].map((offset) => images.readUInt32BE(offset))).toEqual([0x0803, IMAGES, 28, 28]);
    expect([0, 4].map((offset) => labels.readUInt32BE(offset))).toEqual([0x0801, IMAGES]);
    expect([images.length, labels.length]).toEqual([16 + IMAGES * PIXELS, 8 + IMAGES]);
  });

  test("the float network classifies at least 92 % of the subset in ONNX Runtime", async () => {
    const session = await InferenceSession.create(dataFile("vargnet-fashion.float.onnx"));
    let correct = 0;
    for (let index = 0; index < IMAGES; index++) {
      const pixels = images.subarray(16 + index * PIXELS, 16 + (index + 1) * PIXELS);
      const scaled = Float32Array.from(pixels, (pixel) => pixel / 255);
      const { logits } = await session.run({ image: new Tensor("float32", scaled, [1, 1, 28, 28]) });
      if (indexOfLargest(logits?.data ?? []) === labels[8 + index]) correct++;
    }
    expect(correct / IMAGES).toBeGreaterThanOrEqual(0.92);
  });
});
