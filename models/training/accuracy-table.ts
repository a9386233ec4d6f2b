/**
 * Measures networks on all 10,000 Fashion-MNIST test images: `npx tsx models/training/accuracy-table.ts NAME...`
 *
 * Reads models/data/NAME.float.onnx and NAME.onnx (int8) and prints, as Markdown, one row per network and by how much
 * every network is better than every later one. ONNX Runtime classifies; the integer reference has to give the same
 * int8 logits on the first images. Needs a machine on which ONNX Runtime's integer kernels are exact.
 */
import { readFileSync } from "node:fs";
import { floatInput, largestIndex, loadFashion, quantizedInput } from "../dataset/index.ts";
import { countMacs, countParameters } from "../graph/index.ts";
import { mainOutput, type Network, tensorOf } from "../ir/network.ts";
import { readFloatNetwork, readNetwork } from "../onnx/index.ts";
import { runReference } from "../reference/index.ts";
import { whyInexact } from "../testing/exactness.ts";
import { loadModel, type NamedValue } from "../testing/onnxruntime.ts";
import { accuracy, difference, formatEstimate, type Outcomes } from "./statistics.ts";

const checkedImages = 100;
const shape = [1, 1, 28, 28];

interface Row {
  readonly name: string;
  readonly parameters: number;
  readonly macs: number;
  readonly float: Outcomes;
  readonly int8: Outcomes;
}

const names = process.argv.slice(2);
if (names.length === 0) {
  console.error("usage: npx tsx models/training/accuracy-table.ts NAME...");
  process.exit(2);
}
if ((await whyInexact()) !== undefined) process.exit(1);
const { images, labels } = loadFashion("test");
const rows: Row[] = [];
for (const name of names) rows.push(await measure(name));
printRows();
printDifferences();

async function measure(name: string): Promise<Row> {
  const file = (suffix: string): Uint8Array => readFileSync(new URL(`../data/${name}${suffix}`, import.meta.url));
  const [floatBytes, int8Bytes] = [file(".float.onnx"), file(".onnx")];
  const { graph } = readFloatNetwork(floatBytes, `${name}.float.onnx`);
  const network = readNetwork(int8Bytes, `${name}.onnx`);
  const { quantization } = tensorOf(network, network.input);
  const float = await logits(floatBytes, (pixels) => ({
    name: graph.input,
    type: "float32",
    shape,
    data: floatInput(pixels),
  }));
  const int8 = await logits(int8Bytes, (pixels) => ({
    name: network.input,
    type: quantization.dtype,
    shape,
    data: quantizedInput(pixels, quantization),
  }));
  checkReference(name, network, int8);
  return { name, parameters: countParameters(graph), macs: countMacs(graph), float: right(float), int8: right(int8) };
}

/** What ONNX Runtime makes of every test image: the values of the model's one output. */
async function logits(
  model: Uint8Array,
  input: (pixels: Uint8Array) => NamedValue,
): Promise<readonly ArrayLike<number>[]> {
  const run = await loadModel(model);
  const results: ArrayLike<number>[] = [];
  for (const pixels of images) {
    const [values] = (await run([input(pixels)])).values();
    if (values === undefined) throw new Error("the model has no output");
    results.push(values);
  }
  return results;
}

function checkReference(name: string, network: Network, expected: readonly ArrayLike<number>[]): void {
  const { quantization } = tensorOf(network, network.input);
  for (const [i, pixels] of images.slice(0, checkedImages).entries()) {
    const ours = runReference(network, quantizedInput(pixels, quantization)).get(mainOutput(network)) ?? [];
    if (ours.length === 0 || ours.some((value, j) => value !== expected[i][j]))
      throw new Error(`${name}: the reference differs from ONNX Runtime on test image ${i}`);
  }
}

function right(results: readonly ArrayLike<number>[]): Outcomes {
  return results.map((values, i) => largestIndex(values) === labels[i]);
}

function printRows(): void {
  console.log("| network | parameters | MACs | float top-1, % | int8 top-1, % | int8 - float, points |");
  console.log("|---|--:|--:|--:|--:|--:|");
  for (const { name, parameters, macs, float, int8 } of rows) {
    const cells = [
      `\`${name}\``,
      parameters.toLocaleString("en"),
      macs.toLocaleString("en"),
      formatEstimate(accuracy(float)),
      formatEstimate(accuracy(int8)),
      formatEstimate(difference(int8, float), true),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function printDifferences(): void {
  const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => [a, b] as const));
  if (pairs.length === 0) return;
  console.log("\n| networks | float, points | int8, points |\n|---|--:|--:|");
  for (const [a, b] of pairs) {
    const cells = [difference(a.float, b.float), difference(a.int8, b.int8)].map((one) => formatEstimate(one, true));
    console.log(`| \`${a.name}\` - \`${b.name}\` | ${cells.join(" | ")} |`);
  }
}
