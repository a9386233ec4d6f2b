import { rangeOf } from "../models/arithmetic/index.ts";
import { type Preprocessing, preprocess } from "../models/dataset/index.ts";
import { VargenError } from "../models/errors.ts";
import { newActivations } from "../models/ir/activations.ts";
import { type Activations, type Network, tensorOf } from "../models/ir/network.ts";
import { elementCount } from "../models/ir/shape.ts";
import { quantizeTensor } from "../models/quantization/index.ts";
import { Random } from "../models/random/random.ts";
import { usageError, usageProblem } from "./options/parse.ts";
import { labelledPictures } from "./pictures.ts";

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
  const { images, labels, count = 1, seed } = choice;
  if (images !== undefined) return imageInputs(network, { images, labels, count });
  if (labels !== undefined)
    throw usageError([usageProblem("conflict", "--labels", "needs --images, whose labels they are")]);
  return { inputs: randomInputs(network, count, seed), labels: undefined };
}

/**
 * Images as inputs of a network, all of them or the first `count`.
 * @throws VargenError for files that are missing, damaged, too short or of another size than the network's input
 */
export function imageInputs(
  network: Network,
  {
    images,
    labels: labelFile,
    count,
  }: { readonly images: string; readonly labels: string | undefined; readonly count: number | undefined },
  preprocessing: Preprocessing = {},
): Inputs {
  const { shape, quantization } = tensorOf(network, network.input);
  const { pictures, labels } = labelledPictures(images, labelFile, shape);
  const total = count ?? pictures.count;
  if (total > pictures.count) {
    const message = `it holds ${pictures.count} images, fewer than the ${total} asked for`;
    const hint = `give --count ${pictures.count} at most`;
    throw new VargenError([{ code: "images/count", path: images, message, hint }]);
  }
  const inputs = Array.from({ length: total }, (_, i) =>
    quantizeTensor(preprocess(pictures.read(i), preprocessing), quantization),
  );
  return { inputs, labels: labels?.slice(0, total) };
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
