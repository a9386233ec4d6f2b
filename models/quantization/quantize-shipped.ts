/**
 * Makes the shipped int8 network: `npx tsx models/quantization/quantize-shipped.ts [dataset folder]`
 *
 * Reads models/data/vargnet-fashion.float.onnx, calibrates on training images, keeps the calibration whose logits come
 * closest to the float network's on other training images, writes models/data/vargnet-fashion.onnx, and prints the
 * accuracy of both networks over all 10,000 test images (several minutes).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dequantizeValue } from "../arithmetic/index.ts";
import { floatInput, type ImageSet, largestIndex, loadImages, quantizedInput } from "../dataset/index.ts";
import { type FloatNetwork, runFloat } from "../graph/index.ts";
import { mainOutput, type Network, tensorOf } from "../ir/network.ts";
import { readFloatNetwork, readNetwork, writeNetwork } from "../onnx/index.ts";
import { runReference } from "../reference/index.ts";
import { type Calibration, hardwareLimitProblems, quantizeNetwork } from "./index.ts";

const calibrationImages = 256;
const selectionImages = 512;
const candidates: readonly Calibration[] = [
  { method: "minmax" },
  { method: "percentile", percentile: 99.999 },
  { method: "percentile", percentile: 99.99 },
];

const folder = process.argv[2] ?? "/usr/share/datasets/fashion-mnist";
const data = new URL("../data/", import.meta.url);
const float = readFloatNetwork(readFileSync(new URL("vargnet-fashion.float.onnx", data)), "vargnet-fashion.float.onnx");
const load = (split: string): ImageSet =>
  loadImages(join(folder, `${split}-images-idx3-ubyte.gz`), join(folder, `${split}-labels-idx1-ubyte.gz`));

const train = load("train").images;
const calibration = train.slice(0, calibrationImages).map(floatInput);
const selection = train.slice(calibrationImages, calibrationImages + selectionImages);
const networks = candidates.map((candidate) => {
  const network = quantizeNetwork(float, calibration, { calibration: candidate });
  const error = logitError(network, float, selection);
  console.log(`${JSON.stringify(candidate)}: mean squared error of the logits ${error.toFixed(5)}`);
  return { network, error };
});
const { network } = networks.reduce((best, candidate) => (candidate.error < best.error ? candidate : best));
for (const problem of hardwareLimitProblems(network)) console.log(`outside the hardware's limits: ${problem.message}`);
const bytes = writeNetwork(network);
writeFileSync(new URL("vargnet-fashion.onnx", data), bytes);
console.log(`wrote models/data/vargnet-fashion.onnx, ${bytes.length} bytes`);
report(readNetwork(bytes, "vargnet-fashion.onnx"), float, load("t10k"));

function logitError(quantized: Network, real: FloatNetwork, images: readonly Uint8Array[]): number {
  const output = tensorOf(quantized, mainOutput(quantized)).quantization;
  let [sum, count] = [0, 0];
  for (const pixels of images) {
    const logits = floatLogits(real, pixels);
    quantizedLogits(quantized, pixels).forEach((value, i) => {
      sum += (dequantizeValue(value, output) - logits[i]) ** 2;
      count++;
    });
  }
  return sum / count;
}

function report(quantized: Network, real: FloatNetwork, test: ImageSet): void {
  const right = { float: 0, int8: 0, same: 0 };
  test.images.forEach((pixels, i) => {
    const [a, b] = [largestIndex(floatLogits(real, pixels)), largestIndex(quantizedLogits(quantized, pixels))];
    if (a === test.labels[i]) right.float++;
    if (b === test.labels[i]) right.int8++;
    if (a === b) right.same++;
    const done = i + 1;
    if (done === 1000 || done % 5000 === 0 || done === test.count) {
      const share = (count: number): string => `${((100 * count) / done).toFixed(2)} %`;
      console.log(
        `first ${done} test images: float ${share(right.float)}, int8 ${share(right.int8)}, same class ${share(right.same)}`,
      );
    }
  });
}

function floatLogits(real: FloatNetwork, pixels: Uint8Array): Float32Array {
  return runFloat(real, floatInput(pixels)).get(mainOutput(real.graph)) ?? new Float32Array();
}

function quantizedLogits(quantized: Network, pixels: Uint8Array): Int8Array | Uint8Array {
  const input = quantizedInput(pixels, tensorOf(quantized, quantized.input).quantization);
  return runReference(quantized, input).get(mainOutput(quantized)) ?? new Uint8Array();
}
