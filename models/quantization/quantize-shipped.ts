/**
 * Makes shipped int8 networks: `npx tsx models/quantization/quantize-shipped.ts NAME...`
 *
 * For each NAME reads models/data/NAME.float.onnx, calibrates on training images, keeps the calibration whose logits come
 * closest to the float network's on other training images, and writes models/data/NAME.onnx (a minute or two each).
 * `models/training/accuracy-table.ts` measures the result.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dequantizeValue } from "../arithmetic/index.ts";
import { floatInput, loadFashion, quantizedInput } from "../dataset/index.ts";
import { runFloat } from "../graph/index.ts";
import { mainOutput, type Network, tensorOf } from "../ir/network.ts";
import { readFloatNetwork, writeNetwork } from "../onnx/index.ts";
import { runReference } from "../reference/index.ts";
import { type Calibration, hardwareLimitProblems, quantizeNetwork } from "./index.ts";

const calibrationImages = 256;
const selectionImages = 512;
const candidates: readonly Calibration[] = [
  { method: "minmax" },
  { method: "percentile", percentile: 99.999 },
  { method: "percentile", percentile: 99.99 },
];

const names = process.argv.slice(2);
if (names.length === 0) {
  console.error("usage: npx tsx models/quantization/quantize-shipped.ts NAME...");
  process.exit(2);
}
const train = loadFashion("train").images;
const calibration = train.slice(0, calibrationImages).map(floatInput);
const selection = train.slice(calibrationImages, calibrationImages + selectionImages);
for (const name of names) quantizeFile(name);

function quantizeFile(name: string): void {
  const file = (suffix: string): URL => new URL(`../data/${name}${suffix}`, import.meta.url);
  const float = readFloatNetwork(readFileSync(file(".float.onnx")), `${name}.float.onnx`);
  const logits = selection.map((pixels) => runFloat(float, floatInput(pixels)).get(mainOutput(float.graph)) ?? []);
  const networks = candidates.map((candidate) => {
    const network = quantizeNetwork(float, calibration, { calibration: candidate });
    const error = logitError(network, logits);
    console.log(`${name}, ${JSON.stringify(candidate)}: mean squared error of the logits ${error.toFixed(5)}`);
    return { network, error };
  });
  const { network } = networks.reduce((best, candidate) => (candidate.error < best.error ? candidate : best));
  for (const { message } of hardwareLimitProblems(network)) console.log(`outside the hardware's limits: ${message}`);
  const bytes = writeNetwork(network);
  writeFileSync(file(".onnx"), bytes);
  console.log(`wrote models/data/${name}.onnx, ${bytes.length} bytes`);
}

/** Mean squared difference of the network's logits on the selection images from these. */
function logitError(network: Network, expected: readonly ArrayLike<number>[]): number {
  const { quantization } = tensorOf(network, mainOutput(network));
  const input = tensorOf(network, network.input).quantization;
  let [sum, count] = [0, 0];
  selection.forEach((pixels, i) => {
    for (const [j, value] of (
      runReference(network, quantizedInput(pixels, input)).get(mainOutput(network)) ?? []
    ).entries()) {
      sum += (dequantizeValue(value, quantization) - expected[i][j]) ** 2;
      count++;
    }
  });
  return sum / count;
}
