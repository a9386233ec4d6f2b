import { readFileSync } from "node:fs";
import { decodeIdx, openPictures, type PictureSet, type Preprocessing } from "../models/dataset/index.ts";
import { type Problem, VargenError } from "../models/errors.ts";
import type { FeatureShape } from "../models/ir/network.ts";
import { usageError, usageProblem } from "./options/parse.ts";
import { longFlag, type OptionValues } from "./options/table.ts";

/** Options that tell how stored values become inputs. */
export type PreprocessingChoice = Pick<OptionValues, "scaleInput" | "mean" | "std">;

/** What --scale-input, --mean and --std say. @throws VargenError where they do not fit the network's channels */
export function chosenPreprocessing(choice: PreprocessingChoice, { channels }: FeatureShape): Preprocessing {
  const problems: Problem[] = [];
  for (const key of ["mean", "std"] as const) {
    const given = choice[key]?.length ?? 1;
    if (given !== 1 && given !== channels) {
      const message = `has ${given} numbers where the network's input has ${channels} channels`;
      problems.push(usageProblem("conflict", longFlag(key), message, "give one for each channel, or one for all"));
    }
  }
  if (choice.std?.includes(0)) problems.push(usageProblem("out-of-range", "--std", "it holds a 0, which divides"));
  if (problems.length > 0) throw usageError(problems);
  const { scaleInput: scale, mean, std } = choice;
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(mean === undefined ? {} : { mean }),
    ...(std ? { std } : {}),
  };
}

/**
 * Images, and a label for each where there are labels.
 * @throws VargenError if anything is missing, damaged or does not fit
 */
export function labelledPictures(
  path: string,
  labels: string | undefined,
  shape: FeatureShape,
): { readonly pictures: PictureSet; readonly labels: readonly number[] | undefined } {
  const pictures = openPictures(path, shape);
  return { pictures, labels: labels === undefined ? undefined : readLabels(labels, pictures) };
}

function readLabels(path: string, { count, path: images }: PictureSet): readonly number[] {
  const fail = (code: string, message: string, hint: string): VargenError =>
    new VargenError([{ code: `labels/${code}`, path, message, hint }]);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fail("unreadable", error instanceof Error ? error.message : String(error), "check the path");
  }
  const { shape, values } = decodeIdx(bytes, path);
  if (shape.length !== 1)
    throw fail("shape", `it has ${shape.length} dimensions where labels have 1`, "give the label file here");
  if (values.length !== count)
    throw fail(
      "count",
      `${values.length} labels for the ${count} images of ${images}`,
      "give the labels of all images",
    );
  return [...values];
}
