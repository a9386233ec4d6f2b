/**
 * Checks the exported network against PyTorch: runs the float ONNX file in ONNX Runtime on the first test images and
 * compares with the logits that `export_onnx.py --logits FILE` wrote. Exit code 1 when any differs by more than 1e-4.
 *
 * Usage: npx tsx models/training/check_onnx.ts LOGITS ONNX
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { InferenceSession, Tensor } from "onnxruntime-node";

const CLASSES = 10;
const PIXELS = 28 * 28;
const TOLERANCE = 1e-4;
const IDX3_HEADER = 16;

const data = new URL("../data/", import.meta.url);
const [logitsPath, modelPath] = process.argv.slice(2);
if (logitsPath === undefined || modelPath === undefined) {
  console.error("usage: npx tsx models/training/check_onnx.ts LOGITS ONNX");
  process.exit(2);
}
const bytes = readFileSync(logitsPath);
const expected = new Float32Array(new Uint8Array(bytes).buffer);
const pixels = gunzipSync(readFileSync(new URL("fashion-test-1000-images.idx.gz", data))).subarray(IDX3_HEADER);
const session = await InferenceSession.create(modelPath);

let worst = 0;
for (let image = 0; image * CLASSES < expected.length; image++) {
  const input = Float32Array.from(pixels.subarray(image * PIXELS, (image + 1) * PIXELS), (pixel) => pixel / 255);
  const { logits } = await session.run({ image: new Tensor("float32", input, [1, 1, 28, 28]) });
  const actual = logits?.data;
  if (!(actual instanceof Float32Array)) throw new Error("the network has no float output `logits`");
  actual.forEach((value, index) => {
    worst = Math.max(worst, Math.abs(value - (expected[image * CLASSES + index] ?? Number.NaN)));
  });
}
console.log(`${expected.length} logits compared, largest difference ${worst.toExponential(2)}`);
process.exit(worst <= TOLERANCE ? 0 : 1);
