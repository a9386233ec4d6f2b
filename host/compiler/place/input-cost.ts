import type { Geometry } from "../geometry.ts";
import { partBytes } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { wordsPerBlock } from "../lower/pieces.ts";
import { segmentsOf } from "../lower/segments.ts";

/**
 * Cycles that the operation reading the network's input takes by estimate, be it computing or loading: the input comes
 * while the array runs.
 */
export function inputCost(geometry: Geometry, operation: Operation): number {
  const { input, outputShape, passes, part } = operation;
  const { beatBytes, tileMinimum, weightWordBytes } = geometry;
  const tiles = outputShape.height * geometry.lineWords(outputShape.width);
  let [computing, weights] = [0, 0];
  for (const segment of segmentsOf(geometry, operation, 0, geometry.blocks(part.channels))) {
    const words = wordsPerBlock(operation, segment);
    computing += passes.length * segment.blocks * tiles * Math.max(words, tileMinimum);
    weights += segment.blocks * words * weightWordBytes;
  }
  const image = input.storage.parts.reduce((sum, inputPart) => sum + partBytes(geometry, input.storage, inputPart), 0);
  return Math.max(computing, (image + weights) / beatBytes);
}
