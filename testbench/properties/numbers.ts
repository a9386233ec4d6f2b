import type { Quantization } from "../../models/ir/network.ts";
import type { Random } from "../../models/random/random.ts";
import type { StepCase } from "./layer-case.ts";

/** Uniform weights in [-128, 127], or only the two bounds. */
export function randomWeights(random: Random, length: number, extreme: boolean): Int8Array {
  return new Int8Array(length).map(() => (extreme ? (random.real() < 0.5 ? -128 : 127) : random.integer(-128, 127)));
}

/** Mostly moderate biases, sometimes none, sometimes large ones. */
export function biases(random: Random, outputs: number): Int32Array {
  const size = [0, 3000, 3000, 2 ** 20][random.integer(0, 3)];
  return new Int32Array(outputs).map(() => random.integer(-size, size));
}

/**
 * Weight scales for which the results spread as the step wants. With dyadic scales the effective scale is a small odd
 * number over a power of two, so that many products end in exactly one half.
 */
export function weightScales(
  random: Random,
  { spread, extreme }: StepCase,
  dyadic: boolean,
  input: Quantization,
  output: Quantization,
  depth: number,
  outputs: number,
): Float32Array {
  const deviation = Math.sqrt(depth) * (extreme ? 127 : 74) * 74;
  return new Float32Array(outputs).map(() => {
    const effective = effectiveScaleFor(random, spread, deviation);
    const chosen = dyadic ? nearDyadic(random, effective) : effective;
    return (chosen * output.scale) / input.scale;
  });
}

function effectiveScaleFor(random: Random, spread: StepCase["spread"], deviation: number): number {
  if (spread === "vanishing") return random.scale(2 ** -26, 2 ** -20);
  const wanted = (60 / deviation) * random.scale(0.5, 2);
  return spread === "normal" ? wanted : Math.min(15, wanted * random.scale(8, 2 ** 20));
}

/** An odd number below 8 times a power of two, near the given value. */
function nearDyadic(random: Random, value: number): number {
  const odd = 2 * random.integer(0, 3) + 1;
  return Math.min(14, odd * 2 ** Math.round(Math.log2(value / odd)));
}

/** A scale for an operand or result of an addition, near enough to the other's for the hardware's tables. */
export function additionScale(random: Random, other: number, dyadic: boolean): number {
  return Math.fround(other * (dyadic ? 2 ** random.integer(-1, 1) : random.scale(0.5, 2)));
}
