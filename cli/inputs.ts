import { readFileSync } from "node:fs";
import { rangeOf } from "../models/arithmetic/index.ts";
import { decodeIdx, loadImages, quantizedInput } from "../models/dataset/index.ts";
import { type Problem, VargenError } from "../models/errors.ts";
import { newActivations } from "../models/ir/activations.ts";
import { type Activations, type Network, tensorOf } from "../models/ir/network.ts";
import { elementCount, formatShape } from "../models/ir/shape.ts";
import { Random } from "../models/random/random.ts";
import { usageError, usageProblem } from "./options/parse.ts";

/** Inputs of a network, with their labels where there are any. */
export interface Inputs {
  readonly inputs: readonly Activations[];
  readonly labels: readonly number[] | undefined;
}

/** Options that choose inputs. */
export interface InputChoice {
  readonly images: string | undefined;
  readonly labels: string | undefined;
  readonly count: number | undefined;
  readonly seed: number;
}

/**
 * The first `count` images of --images, or as many seeded random inputs (1 by default).
 * @throws VargenError for files that are missing, damaged, too short or of another size than the network's input
 */
export function chosenInputs(network: Network, choice: InputChoice): Inputs {
  const { images: path, labels: labelsPath, count = 1, seed } = choice;
  if (path === undefined) {
    if (labelsPath !== undefined)
      throw usageError([usageProblem("conflict", "--labels", "needs --images, whose labels they are")]);
    return { inputs: randomInputs(network, count, seed), labels: undefined };
  }
  const { shape, quantization } = tensorOf(network, network.input);
  const set = labelsPath === undefined ? readImages(path) : loadImages(path, labelsPath);
  const problems: Problem[] = [];
  if (shape.channels !== 1 || set.height !== shape.height || set.width !== shape.width)
    problems.push({
      code: "images/size",
      path,
      message: `the images are 1x${set.height}x${set.width}, but ${network.name} takes ${formatShape(shape)}`,
    });
  if (set.images.length < count)
    problems.push({
      code: "images/count",
      path,
      message: `it holds ${set.images.length} images, fewer than the ${count} asked for`,
      hint: `give --count ${set.images.length} at most`,
    });
  if (problems.length > 0) throw new VargenError(problems);
  const inputs = set.images.slice(0, count).map((pixels) => quantizedInput(pixels, quantization));
  return { inputs, labels: set.labels === undefined ? undefined : [...set.labels.slice(0, count)] };
}

function readImages(path: string) {
  const { shape, values } = decodeIdx(readBytes(path), path);
  if (shape.length !== 3) {
    const message = `it has ${shape.length} dimensions where images have 3`;
    throw new VargenError([{ code: "images/shape", path, message }]);
  }
  const [count, height, width] = shape;
  const size = height * width;
  const images = Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
  return { height, width, images, labels: undefined };
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "images/unreadable", path, message, hint: "check the path" }]);
  }
}

/** Seeded inputs over the whole range of their type. */
export function randomInputs(network: Network, count: number, seed: number): readonly Activations[] {
  const random = new Random(seed);
  const { shape, quantization } = tensorOf(network, network.input);
  const { lo, hi } = rangeOf(quantization.dtype);
  return Array.from({ length: count }, () =>
    newActivations(quantization.dtype, elementCount(shape)).map(() => random.integer(lo, hi)),
  );
}
