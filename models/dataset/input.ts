import { quantizeValue } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, Quantization } from "../ir/network.ts";

/** A grey image as a float network takes it: pixel / 255, NCHW. */
export function floatInput(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (pixel) => pixel / 255);
}

/** A grey image as a quantised network takes it: pixel / 255, quantised, NCHW. */
export function quantizedInput(pixels: Uint8Array, quantization: Quantization): Activations {
  const table = Array.from({ length: 256 }, (_, pixel) => quantizeValue(Math.fround(pixel / 255), quantization));
  const input = newActivations(quantization.dtype, pixels.length);
  for (let i = 0; i < pixels.length; i++) input[i] = table[pixels[i]];
  return input;
}

/** Index of the largest value, the first of several: the class that a network chooses. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
