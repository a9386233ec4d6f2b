import { accumulatorLimit } from "../../models/ir/limits.ts";
import { roundFixed, roundFloat } from "./round.ts";

/** Largest magnitude of accumulator + bias for which the hardware is exact. */
export const ACCUMULATOR_LIMIT = accumulatorLimit;
/** Fraction bits of the requantiser's factor S. */
export const SCALE_FRACTION_BITS = 47;
/** Width of S. */
export const SCALE_BITS = 51;
/** Fraction bits of the addition tables' entries. */
export const TABLE_FRACTION_BITS = 25;
/** Width of the addition tables' entries, signed. */
export const TABLE_BITS = 36;
/**
 * One value as the hardware's requantiser makes it (docs/HARDWARE.md section 1).
 *
 * @param acc sum of products, 28-bit signed
 * @param bias zero-point correction included; |acc + bias| < 2^26
 * @param scale S, 51-bit unsigned
 * @param z1 int8 zero point
 * @param lo int8 lower bound
 * @param hi int8 upper bound
 */
export function hardwareRequantize(
  acc: number,
  bias: number,
  scale: bigint,
  z1: number,
  lo: number,
  hi: number,
): number {
  const rounded = roundFixed(BigInt(Math.fround(acc + bias)) * scale, SCALE_FRACTION_BITS);
  return Math.max(lo, Math.min(hi, rounded + z1));
}

/**
 * A requantiser with a fixed S, as {@link hardwareRequantize}; fast when S has at most 29 significant bits (all that
 * `expandScale` makes have 24).
 */
export function requantizer(scale: bigint): (acc: number, bias: number, z1: number, lo: number, hi: number) => number {
  let odd = scale;
  while (odd !== 0n && (odd & 1n) === 0n) odd >>= 1n;
  if (odd >= 1n << 29n) return (acc, bias, z1, lo, hi) => hardwareRequantize(acc, bias, scale, z1, lo, hi);
  const factor = Number(scale);
  return (acc, bias, z1, lo, hi) => {
    const rounded = roundFloat(Math.fround(acc + bias) * factor, SCALE_FRACTION_BITS);
    return Math.max(lo, Math.min(hi, rounded + z1));
  };
}

/**
 * One sum as the hardware's residual adder makes it.
 *
 * @param ta table entry of the requantised value, 36-bit signed, 25 fraction bits
 * @param tb table entry of the resident tensor's value, likewise
 * @param z2 int8 zero point
 * @param lo int8 lower bound
 * @param hi int8 upper bound
 */
export function hardwareResidual(ta: number, tb: number, z2: number, lo: number, hi: number): number {
  return Math.max(lo, Math.min(hi, roundFloat(ta + tb, TABLE_FRACTION_BITS) + z2));
}
