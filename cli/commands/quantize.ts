import { unmappedLayers } from "../../host/compiler/index.ts";
import { largestIndex, openPictures, type Preprocessing, preprocess } from "../../models/dataset/index.ts";
import { ExitCode, type Problem, VargenError } from "../../models/errors.ts";
import { type FloatNetwork, runFloat } from "../../models/graph/index.ts";
import { mainOutput, type Network, tensorOf } from "../../models/ir/network.ts";
import { networkMacs } from "../../models/ir/shape.ts";
import { readFloatNetwork, writeNetwork } from "../../models/onnx/index.ts";
import {
  type Calibration,
  hardwareLimitProblems,
  measureErrors,
  quantizeNetwork,
  quantizeTensor,
} from "../../models/quantization/index.ts";
import { Random } from "../../models/random/random.ts";
import { runReference } from "../../models/reference/index.ts";
import { defineCommand } from "../command.ts";
import { readNetworkFile, writeNetworkFile } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import type { OptionValues } from "../options/table.ts";
import { chosenPreprocessing, labelledPictures } from "../pictures.ts";
import { makeProgress, type Progress } from "../progress.ts";
import { describeQuantization, type Evaluation, quantizationFacts } from "../quantization-text.ts";

/** Calibration images where --count does not say. */
const DEFAULT_COUNT = 256;

/** Images over which the errors of the layers are measured. */
const ERROR_IMAGES = 32;

/** `vargen quantize`: a float ONNX network in int8. */
export const quantizeCommand = defineCommand({
  name: "quantize",
  summary: "Quantise a float ONNX network to int8 by calibration images; tell each layer's error; write ONNX.",
  options: [
    ...(["network", "calibration", "count", "method", "percentile", "activations"] as const),
    ...(["scaleInput", "mean", "std", "images", "labels", "seed", "format", "output", "json"] as const),
  ],
  argument: "network",
  examples: [
    "vargen quantize model.onnx --calibration train/ -o out/model-int8.onnx --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225",
    "vargen quantize model.onnx --calibration train.idx.gz --images test.idx.gz --labels labels.idx.gz --method mse -o q.onnx",
  ],
  run: async (values, io) => {
    const { network: file, calibration: path, output, format, activations, json } = checkedValues(values);
    const float = readFloatNetwork(readNetworkFile(file), file);
    const shape = float.graph.inputShape;
    const preprocessing = chosenPreprocessing(values, shape);
    const evaluation = evaluationSet(values, float);
    const images = calibrationImages(path, float, preprocessing, values);
    const progress = makeProgress(io, json);
    const bar = progress.bar("calibration", values.method === "min-max" ? images.length : 2 * images.length);
    const calibration = chosenCalibration(values);
    const network = quantizeNetwork(float, images, { activations, calibration, onProgress: (done) => bar(done) });
    const limits = hardwareLimitProblems(network);
    if (limits.length > 0) throw new VargenError(limits);
    const shown = images.slice(0, ERROR_IMAGES);
    const layers = measureErrors(float, network, shown, progress.bar("errors of the layers", shown.length));
    const accuracy = evaluation && evaluate(float, network, evaluation, preprocessing, progress);
    const bytes = writeNetwork(network, { form: format, float: format === "qdq" });
    writeNetworkFile(output, bytes);
    const result = {
      ...{ network: network.name, file: output, format, bytes: bytes.length, activations, calibration },
      ...{ images: images.length, macs: networkMacs(network), layers, accuracy, unmapped: unmappedLayers(network) },
    };
    if (json) io.out(`${JSON.stringify(quantizationFacts(result), null, 2)}\n`);
    else io.out(describeQuantization(result, io.colors));
    return ExitCode.ok;
  },
});

type Values = Pick<
  OptionValues,
  "network" | "calibration" | "output" | "images" | "labels" | "percentile" | "method" | "count" | "seed"
>;

function checkedValues<V extends Values>(values: V) {
  const { network, calibration, output, images, labels, percentile } = values;
  const problems: Problem[] = [];
  if (network === undefined) problems.push(usageProblem("missing", "NETWORK", "name a float ONNX file"));
  if (calibration === undefined)
    problems.push(usageProblem("missing", "--calibration", "name a folder or file with images of the training set"));
  if (output === undefined) problems.push(usageProblem("missing", "--output", "name a file: -o FILE.onnx"));
  if ((images === undefined) !== (labels === undefined))
    problems.push(usageProblem("conflict", "--images, --labels", "are given together, to evaluate the network"));
  if (percentile <= 50)
    problems.push(usageProblem("out-of-range", "--percentile", `cannot be ${percentile}`, "it is above 50"));
  if (problems.length > 0 || network === undefined || calibration === undefined || output === undefined)
    throw usageError(problems);
  return { ...values, network, calibration, output };
}

function chosenCalibration({ method, percentile }: Pick<Values, "method" | "percentile">): Calibration {
  if (method === "percentile") return { method, percentile };
  return method === "mse" ? { method } : { method: "minmax" };
}

/** Some of the images, drawn by the seed, in the order of the file or folder. */
function calibrationImages(
  path: string,
  { graph }: FloatNetwork,
  preprocessing: Preprocessing,
  { count = DEFAULT_COUNT, seed }: Pick<Values, "count" | "seed">,
): readonly Float32Array[] {
  const pictures = openPictures(path, graph.inputShape);
  const random = new Random(seed);
  const indices = Array.from({ length: pictures.count }, (_, i) => i);
  // The first steps of a shuffle draw without repetition.
  const wanted = Math.min(count, indices.length);
  for (let i = 0; i < wanted; i++) {
    const other = random.integer(i, indices.length - 1);
    [indices[i], indices[other]] = [indices[other], indices[i]];
  }
  return indices
    .slice(0, wanted)
    .sort((a, b) => a - b)
    .map((index) => preprocess(pictures.read(index), preprocessing));
}

function evaluationSet({ images, labels }: Pick<Values, "images" | "labels">, { graph }: FloatNetwork) {
  if (images === undefined || labels === undefined) return undefined;
  const set = labelledPictures(images, labels, graph.inputShape);
  return { pictures: set.pictures, labels: set.labels ?? [] };
}

/** How many images of a test set both networks get right. */
function evaluate(
  float: FloatNetwork,
  network: Network,
  { pictures, labels }: NonNullable<ReturnType<typeof evaluationSet>>,
  preprocessing: Preprocessing,
  progress: Progress,
): Evaluation {
  const bar = progress.bar("evaluation", pictures.count);
  const { quantization } = tensorOf(network, network.input);
  const right = { float: 0, int8: 0, same: 0, total: pictures.count };
  for (let i = 0; i < pictures.count; i++) {
    const image = preprocess(pictures.read(i), preprocessing);
    const a = largestIndex(runFloat(float, image).get(mainOutput(float.graph)) ?? []);
    const integers = quantizeTensor(image, quantization);
    const b = largestIndex(runReference(network, integers).get(mainOutput(network)) ?? []);
    if (a === labels[i]) right.float++;
    if (b === labels[i]) right.int8++;
    if (a === b) right.same++;
    bar(i + 1);
  }
  return right;
}
