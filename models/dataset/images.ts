import { readFileSync } from "node:fs";
import { type Problem, VargenError } from "../errors.ts";
import { decodeIdx, type IdxArray } from "./idx.ts";

/** Grey images and their labels. */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Pixels 0..255, [height][width] each. */
  readonly images: readonly Uint8Array[];
  /** Class of each image. */
  readonly labels: Uint8Array;
}

/**
 * Loads images and labels from idx files, gzipped or not.
 *
 * @throws VargenError listing every file that is missing, damaged or does not fit the other
 */
export function loadImages(imagesPath: string, labelsPath: string): ImageSet {
  const problems: Problem[] = [];
  const load = (path: string, rank: number): IdxArray | undefined => {
    try {
      const array = decodeIdx(readFile(path), path);
      if (array.shape.length === rank) return array;
      const message = `it has ${array.shape.length} dimensions where ${rank} are needed`;
      problems.push({ code: "images/shape", path, message, hint: "give the image file first, then the label file" });
    } catch (error) {
      if (!(error instanceof VargenError)) throw error;
      problems.push(...error.problems);
    }
    return undefined;
  };
  const images = load(imagesPath, 3);
  const labels = load(labelsPath, 1);
  if (images !== undefined && labels !== undefined && images.shape[0] !== labels.shape[0])
    problems.push({
      code: "images/count",
      path: labelsPath,
      message: `${labels.shape[0]} labels for the ${images.shape[0]} images of ${imagesPath}`,
    });
  if (images === undefined || labels === undefined || problems.length > 0) throw new VargenError(problems);
  const [count, height, width] = images.shape;
  const size = height * width;
  const split = Array.from({ length: count }, (_, i) => images.values.subarray(i * size, (i + 1) * size));
  return { count, height, width, images: split, labels: labels.values };
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new VargenError([{ code: "images/unreadable", path, message, hint: "check the path" }]);
  }
}
