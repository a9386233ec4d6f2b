import { largestIndex } from "../models/dataset/index.ts";

/** How many inputs a classifier gets right. */
export interface Accuracy {
  readonly correct: number;
  readonly total: number;
  /** Class chosen for each input. */
  readonly predictions: readonly number[];
}

/** Compares the largest output of each input with its label. */
export function accuracyOf(outputs: readonly ArrayLike<number>[], labels: readonly number[]): Accuracy {
  const predictions = outputs.map(largestIndex);
  const correct = predictions.filter((prediction, index) => prediction === labels[index]).length;
  return { correct, total: outputs.length, predictions };
}
