import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createColors } from "picocolors";
import {
  deriveFigures,
  generateStandalone,
  type HwConfig,
  repositoryRoot,
  topModule,
  writeFiles,
} from "../../hdl-gen/index.ts";
import { floatInput, type ImageSet, loadImages, quantizedInput } from "../../models/dataset/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { runFloat } from "../../models/graph/index.ts";
import { mainOutput, tensorOf } from "../../models/ir/network.ts";
import { readFloatNetwork, readNetwork } from "../../models/onnx/index.ts";
import { formatMismatch } from "../../testbench/simulate/compare.ts";
import { type SimulationResult, simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { type Accuracy, accuracyOf } from "../accuracy.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import type { Io } from "../io.ts";
import { makeProgress, type Progress } from "../progress.ts";
import { group, percent, speed } from "../report-text.ts";
import { trackSimulation } from "../track-simulation.ts";

/** Images classified where --count does not say. */
const DEFAULT_COUNT = 100;

const data = (name: string): string => join(repositoryRoot(), "models", "data", name);

/** `vargen demo`, which is `npm start`: from nothing to a classifier in simulated RTL. */
export const demoCommand = defineCommand({
  name: "demo",
  summary: "Generate the default preset, compile its RTL, classify Fashion-MNIST images in it; this is `npm start`.",
  options: ["preset", "config", "count", "memory", "json"],
  examples: ["vargen demo", "vargen demo --preset g8m8p1 --count 10"],
  run: async ({ json, memory, count = DEFAULT_COUNT, ...choice }, io) => {
    const started = performance.now();
    const config = chosenConfig(choice);
    const progress = makeProgress(io, json);
    const folder = writeRtl(config, progress);
    progress.step("int8 VarGNet and Fashion-MNIST test images");
    const network = readNetwork(readFileSync(data("vargnet-fashion.onnx")), "vargnet-fashion.onnx");
    const set = testImages(count);
    const { quantization } = tensorOf(network, network.input);
    const inputs = set.images.slice(0, count).map((pixels) => quantizedInput(pixels, quantization));
    const labels = [...set.labels.slice(0, count)];
    const onProgress = trackSimulation(progress, count);
    const result = await simulateNetwork({ network, config, inputs, memory, onProgress });
    const accuracy = accuracyOf(result.outputs, labels);
    progress.step("the float network on the same images, for comparison");
    const float = floatAccuracy(set, labels);
    const seconds = (performance.now() - started) / 1000;
    if (json) {
      const facts = { accuracy: pick(accuracy), floatAccuracy: pick(float), rtl: folder, seconds };
      io.out(`${JSON.stringify({ ...result.report, ...facts }, null, 2)}\n`);
    } else io.out(describe(config, result, accuracy, float, seconds, io));
    return result.report.mismatches === 0 ? ExitCode.ok : ExitCode.mismatch;
  },
});

function writeRtl(config: HwConfig, progress: Progress): string {
  const folder = join(repositoryRoot(), "out", config.name);
  writeFiles(folder, generateStandalone(config));
  const shown = relative(process.cwd(), folder) || ".";
  progress.step(`RTL of ${config.name} (${deriveFigures(config).macs} MACs) written to ${shown}`);
  return shown;
}

function testImages(count: number): ImageSet {
  const images = data("fashion-test-1000-images.idx.gz");
  const set = loadImages(images, data("fashion-test-1000-labels.idx.gz"));
  if (count <= set.count) return set;
  const message = `${set.count} images are shipped, fewer than the ${count} asked for`;
  throw new VargenError([{ code: "images/count", path: "--count", message }], ExitCode.usage);
}

function floatAccuracy(set: ImageSet, labels: readonly number[]): Accuracy {
  const network = readFloatNetwork(readFileSync(data("vargnet-fashion.float.onnx")), "vargnet-fashion.float.onnx");
  const outputs = set.images.slice(0, labels.length).map((pixels) => {
    const output = runFloat(network, floatInput(pixels)).get(mainOutput(network.graph));
    if (output === undefined) throw new Error("the float network makes no output");
    return output;
  });
  return accuracyOf(outputs, labels);
}

const pick = ({ correct, total }: Accuracy) => ({ correct, total });

function describe(
  config: HwConfig,
  { report }: SimulationResult,
  accuracy: Accuracy,
  float: Accuracy,
  seconds: number,
  io: Io,
): string {
  const { bold, green, red, dim } = createColors(io.colors);
  const rate = ({ correct, total }: Accuracy): string => `${correct} of ${total} (${percent(correct / total)})`;
  const good = report.mismatches === 0;
  const first = report.firstMismatch === undefined ? "" : `; first: ${formatMismatch(report.firstMismatch)}`;
  const lines: readonly (readonly [string, string])[] = [
    ["accuracy, RTL", `${rate(accuracy)}`],
    ["accuracy, float", `${rate(float)} on the same images`],
    [
      "cycles per image",
      `${group(report.cycles)} (predicted ${group(report.predictedCycles)}), memory ${report.memory}`,
    ],
    ["MAC utilisation", `${percent(report.utilization)} of ${report.peakMacs} MAC units, everything included`],
    ["simulation speed", speed(report)],
    [
      "compared",
      (good ? green : red)(
        `${group(report.comparedValues)} output values with the reference: ${report.mismatches} mismatches${first}`,
      ),
    ],
    ["time", `${seconds.toFixed(1)} s`],
  ];
  const table = lines.map(([name, text]) => `  ${name.padEnd(18)}${text}\n`).join("");
  const title = bold(`VarGNet on ${topModule(config)}, in simulated RTL`);
  return `\n${title}\n${table}\n${dim(nextSteps())}`;
}

function nextSteps(): string {
  const command = existsSync(join(process.cwd(), "bin", "vargen.mjs")) ? "npm run vargen --" : "vargen";
  return [
    "Next:",
    `  ${command} presets                       # other array sizes`,
    `  ${command} simulate --network models/data/vargnet-fashion.onnx --preset g8m16p7`,
    `  ${command} simulate --network vargnet-v2 --scale 0.25 --block stage3.normal1`,
    `  ${command} validate --runs 200 --seed 7  # random networks, memories and faults`,
    `  ${command} generate --preset g4m8p7 -o out/g4m8p7`,
    "",
  ].join("\n");
}
