/**
 * Compares methods of calibration on a shipped float network: `npx tsx models/quantization/compare-methods.ts NAME`
 *
 * Calibrates on 256 training images with each method and measures, on all 10,000 Fashion-MNIST test images, top-1, how
 * often int8 and float choose the same class, and the signal to noise ratio of the logits; and that of the worst layer
 * over 32 training images. ONNX Runtime classifies, so it needs a machine on which its integer kernels are exact.
 */
import { dequantizeValue } from "../arithmetic/index.ts";
import { floatInput, largestIndex, loadFashion, quantizedInput } from "../dataset/index.ts";
import { mainOutput, type Network, tensorOf } from "../ir/network.ts";
import { readFloatNetwork, writeFloatNetwork, writeNetwork } from "../onnx/index.ts";
import { defaultShipped, shippedFile } from "../shipped.ts";
import { whyInexact } from "../testing/exactness.ts";
import { loadModel } from "../testing/onnxruntime.ts";
import { type Calibration, measureErrors, quantizeNetwork } from "./index.ts";

const methods: readonly Calibration[] = [
  { method: "minmax" },
  { method: "percentile", percentile: 99.999 },
  { method: "percentile", percentile: 99.99 },
  { method: "percentile", percentile: 99.9 },
  { method: "mse" },
];

if ((await whyInexact()) !== undefined) process.exit(1);
const { path, bytes } = shippedFile(process.argv[2] ?? defaultShipped, true);
const float = readFloatNetwork(bytes, path);
const calibration = loadFashion("train").images.slice(0, 256).map(floatInput);
const { images, labels } = loadFashion("test");
const { channels, height, width } = float.graph.inputShape;
const shape = [1, channels, height, width];

const real = await floatLogits();
const right = (results: readonly ArrayLike<number>[]): number =>
  results.filter((values, i) => largestIndex(values) === labels[i]).length;
const share = (count: number): string => ((100 * count) / images.length).toFixed(2);
console.log(`float: ${share(right(real))} %\n`);
console.log("| method | int8 top-1, % | same class as float, % | logits, dB | worst layer, dB |");
console.log("|---|--:|--:|--:|--:|");
for (const method of methods) {
  const network = quantizeNetwork(float, calibration, { calibration: method });
  const logits = await integerLogits(network);
  const same = logits.filter((values, i) => largestIndex(values) === largestIndex(real[i])).length;
  const worst = Math.min(
    ...measureErrors(float, network, calibration.slice(0, 32)).map(({ outputSqnr }) => outputSqnr),
  );
  const name = method.method === "percentile" ? `percentile ${method.percentile}` : method.method;
  const cells = [name, share(right(logits)), share(same), sqnr(logits).toFixed(1), worst.toFixed(1)];
  console.log(`| ${cells.join(" | ")} |`);
}

async function floatLogits(): Promise<readonly Float32Array[]> {
  const run = await loadModel(writeFloatNetwork(float));
  const { input } = float.graph;
  const results: Float32Array[] = [];
  for (const pixels of images) {
    const outputs = await run([{ name: input, type: "float32", shape, data: floatInput(pixels) }]);
    results.push(Float32Array.from(outputs.get(mainOutput(float.graph)) ?? []));
  }
  return results;
}

/** Real values of the int8 network's logits. */
async function integerLogits(network: Network): Promise<readonly Float32Array[]> {
  const run = await loadModel(writeNetwork(network));
  const { name, quantization } = tensorOf(network, network.input);
  const output = tensorOf(network, mainOutput(network));
  const results: Float32Array[] = [];
  for (const pixels of images) {
    const data = quantizedInput(pixels, quantization);
    const outputs = await run([{ name, type: quantization.dtype, shape, data }]);
    results.push(
      Float32Array.from(outputs.get(output.name) ?? [], (value) => dequantizeValue(value, output.quantization)),
    );
  }
  return results;
}

function sqnr(logits: readonly Float32Array[]): number {
  let [signal, noise] = [0, 0];
  real.forEach((values, i) => {
    values.forEach((value, k) => {
      signal += value * value;
      noise += (value - logits[i][k]) ** 2;
    });
  });
  return 10 * Math.log10(signal / noise);
}
