import { createColors } from "picocolors";
import { largestIndex } from "../../models/dataset/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { type Activations, mainOutput, type Network, tensorOf } from "../../models/ir/network.ts";
import { formatShape } from "../../models/ir/shape.ts";
import { importNetwork } from "../../models/onnx/index.ts";
import { runReference } from "../../models/reference/index.ts";
import { defaultShipped, shippedFile, shippedImages, shippedNames } from "../../models/shipped.ts";
import { formatMismatch } from "../../testbench/simulate/compare.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import { simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { type Accuracy, accuracyOf } from "../accuracy.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import { imageInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import { readNetworkFile } from "../network.ts";
import { type Compared, compareWithRuntime, type RuntimeComparison } from "../onnx-runtime.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { chosenPreprocessing } from "../pictures.ts";
import { makeProgress } from "../progress.ts";
import { group, percent, speed } from "../report-text.ts";
import { trackSimulation } from "../track-simulation.ts";

/** `vargen classify`: images in simulated RTL, beside the reference and ONNX Runtime. */
export const classifyCommand = defineCommand({
  name: "classify",
  summary: "Classify images in the simulated RTL; compare predictions and logits with the reference and ONNX Runtime.",
  options: [
    ...(["network", "images", "labels", "count", "preset", "config", "memory"] as const),
    ...(["scaleInput", "mean", "std", "json"] as const),
  ],
  argument: "network",
  examples: [
    "vargen classify",
    "vargen classify model-int8.onnx --images test/ --preset g8m8p7 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225",
  ],
  run: async ({ count, json, memory, ...choice }, io) => {
    const config = chosenConfig(choice);
    const { imported, bytes } = chosenClassifier(choice.network);
    const { network } = imported;
    const preprocessing = chosenPreprocessing(choice, tensorOf(network, network.input).shape);
    const { inputs, labels } = imageInputs(network, { ...chosenImages(choice), count }, preprocessing);
    const total = inputs.length;
    const progress = makeProgress(io, json);
    const onProgress = trackSimulation(progress, total);
    const { report, outputs } = await simulateNetwork({ network, config, inputs, memory, onProgress });
    const reference = samePredictions(network, inputs, outputs, report.mismatches);
    const runtime = await compareWithRuntime(imported, bytes, inputs, outputs, progress.bar("ONNX Runtime", 2 * total));
    const accuracy = accuracyOf(outputs, labels ?? []);
    const result = { report, reference, runtime, accuracy: labels === undefined ? undefined : accuracy };
    if (json) io.out(`${JSON.stringify(facts(result, accuracy.predictions), null, 2)}\n`);
    else io.out(describe(result, io));
    const differs = "integer" in runtime && runtime.integer.mismatches > 0;
    return report.mismatches > 0 || differs ? ExitCode.mismatch : ExitCode.ok;
  },
});

interface Result {
  readonly report: SimulationReport;
  /** Inputs for which the reference predicts the same. */
  readonly reference: number;
  readonly runtime: RuntimeComparison;
  readonly accuracy: Accuracy | undefined;
}

function chosenClassifier(name: string = defaultShipped) {
  const { path, bytes } = shippedNames().includes(name)
    ? shippedFile(name)
    : { path: name, bytes: readNetworkFile(name) };
  const imported = importNetwork(bytes, path);
  const { network } = imported;
  const { shape } = tensorOf(network, mainOutput(network));
  if (shape.height * shape.width === 1) return { imported, bytes };
  const message = `its output is a map, ${formatShape(shape)}, not one value for each class`;
  throw new VargenError([{ code: "network/no-classifier", path, message, hint: "run it with vargen simulate" }]);
}

/** Inputs for which the reference predicts the same: all of them where no value differs. */
function samePredictions(
  network: Network,
  inputs: readonly Activations[],
  outputs: readonly Activations[],
  mismatches: number,
): number {
  if (mismatches === 0) return inputs.length;
  return inputs.filter((input, i) => {
    const expected = runReference(network, input).get(mainOutput(network)) ?? [];
    return largestIndex(expected) === largestIndex(outputs[i]);
  }).length;
}

function chosenImages({
  network,
  images,
  labels,
}: {
  readonly network: string | undefined;
  readonly images: string | undefined;
  readonly labels: string | undefined;
}) {
  if (images !== undefined) return { images, labels };
  if (labels !== undefined)
    throw usageError([usageProblem("conflict", "--labels", "needs --images, whose labels they are")]);
  if (network === undefined || shippedNames().includes(network)) return shippedImages;
  throw usageError([usageProblem("missing", "--images", "name the images to classify: a file or a folder")]);
}

function facts({ report, reference, runtime, accuracy }: Result, predictions: readonly number[]) {
  const { perLayer, ...totals } = report;
  const right = accuracy === undefined ? {} : { accuracy: { correct: accuracy.correct, total: accuracy.total } };
  return { ...totals, ...right, reference: { samePredictions: reference }, onnxRuntime: runtime, predictions };
}

function describe({ report, reference, runtime, accuracy }: Result, io: Io): string {
  const { bold, green, red, yellow } = createColors(io.colors);
  const total = report.inputs;
  const paint = (good: boolean, text: string): string => (good ? green : red)(text);
  const first = report.firstMismatch === undefined ? "" : `; first: ${formatMismatch(report.firstMismatch)}`;
  const lines: readonly (readonly [string, string])[] = [
    ...(accuracy === undefined
      ? []
      : [
          [
            "accuracy",
            `${accuracy.correct} of ${accuracy.total} (${percent(accuracy.correct / accuracy.total)})`,
          ] as const,
        ]),
    [
      "reference",
      paint(
        report.mismatches === 0,
        `${group(reference)} of ${group(total)} predictions, ${group(report.comparedValues)} values compared, ` +
          `${group(report.mismatches)} mismatches${first}`,
      ),
    ],
    ...describeRuntime(runtime, total, paint, yellow),
    [
      "cycles per image",
      `${group(report.cycles)} (predicted ${group(report.predictedCycles)}), memory ${report.memory}`,
    ],
    [
      "MAC utilisation",
      `${percent(report.utilization)}: useful MACs / (${report.peakMacs} MAC units x total cycles), everything included`,
    ],
    ["simulation speed", speed(report)],
  ];
  const table = lines.map(([name, text]) => `  ${name.padEnd(18)}${text}\n`).join("");
  return `${bold(`${report.network} on ${report.configuration}: ${group(total)} images in simulated RTL`)}\n${table}`;
}

type Paint = (good: boolean, text: string) => string;

function describeRuntime(runtime: RuntimeComparison, total: number, paint: Paint, warn: (text: string) => string) {
  if ("skipped" in runtime) return [["ONNX Runtime", warn(`not compared: ${runtime.skipped}`)] as const];
  const text = ({ samePredictions, comparedValues, mismatches }: Compared): string =>
    `${group(samePredictions)} of ${group(total)} predictions as ONNX Runtime, ` +
    `${group(comparedValues)} logits compared, ${group(mismatches)} mismatches`;
  const good = ({ samePredictions, mismatches }: Compared): boolean => mismatches === 0 && samePredictions === total;
  const { integer, file } = runtime;
  return [
    ["ONNX Runtime", paint(good(integer), text(integer))] as const,
    ...(file === undefined ? [] : [["  the file as is", good(file) ? text(file) : warn(text(file))] as const]),
  ];
}
