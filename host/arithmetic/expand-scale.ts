import { requantize } from "../../models/arithmetic/index.ts";
import { hardwareRequantize, SCALE_BITS, SCALE_FRACTION_BITS } from "./hardware.ts";

const WIDE = 2 ** 31 - 1;

/** What the reference rounds `accumulator * scale` to, before zero point and clamp. */
const wanted = (accumulator: number, scale: number): number => requantize(accumulator, scale, 0, -WIDE, WIDE);
const made = (accumulator: number, factor: bigint): number =>
  hardwareRequantize(accumulator, 0, factor, 0, -WIDE, WIDE);

/**
 * The requantiser's factor S for a float32 scale: exactly `scale * 2^47` where that is an integer (every scale from
 * 2^-24 up). Below, an S near it for which every accumulator in [-bound, bound] gives the reference's result.
 *
 * Why checking thresholds proves it: both results never fall as the accumulator grows and are odd functions, so they
 * agree everywhere if they agree on both sides of each step of the reference; below 2^-24 there are at most 4 steps.
 *
 * @param scale positive float32
 * @param bound largest magnitude of the accumulator, bias included, at most 2^26
 * @returns undefined if the scale is 16 or more, or no S gives the reference's results
 */
export function expandScale(scale: number, bound: number): bigint | undefined {
  const exact = scale * 2 ** SCALE_FRACTION_BITS;
  if (Number.isInteger(exact)) return exact < 2 ** SCALE_BITS ? BigInt(exact) : undefined;
  const near = BigInt(Math.floor(exact));
  return [near, near + 1n, near - 1n, near + 2n].find((factor) => factor >= 0n && agrees(scale, factor, bound));
}

function agrees(scale: number, factor: bigint, bound: number): boolean {
  if (made(bound, factor) !== wanted(bound, scale)) return false;
  for (let step = 1; step <= wanted(bound, scale); step++) {
    const threshold = firstReaching(step, scale, bound);
    if (made(threshold, factor) < step || made(threshold - 1, factor) >= step) return false;
  }
  return true;
}

/** The smallest accumulator that the reference rounds to `step` or more; `bound` does. */
function firstReaching(step: number, scale: number, bound: number): number {
  let below = 0;
  let reached = bound;
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2);
    if (wanted(middle, scale) >= step) reached = middle;
    else below = middle;
  }
  return reached;
}
