import { roundHalfEven } from "../../models/arithmetic/index.ts";

/**
 * The drain's rounding: to float32 first, then to an integer, ties to even both times. A value within half a float32
 * ulp of k + 1/2 thus goes to the even one.
 *
 * @param mantissa integer
 * @param scaleBits the value is `mantissa * 2^-scaleBits`
 */
export function roundFixed(mantissa: bigint, scaleBits: number): number {
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const excess = magnitude.toString(2).length - 24;
  const float = excess > 0 ? roundShift(magnitude, excess) << BigInt(excess) : magnitude;
  const rounded = Number(roundShift(float, scaleBits));
  return mantissa < 0n ? 0 - rounded : rounded;
}

/** magnitude / 2^bits, rounded half to even. */
function roundShift(magnitude: bigint, bits: number): bigint {
  const shift = BigInt(bits);
  const quotient = magnitude >> shift;
  const rest = magnitude - (quotient << shift);
  const half = 1n << (shift - 1n);
  return rest > half || (rest === half && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** As {@link roundFixed} for a mantissa that is exact in float64, faster. */
export function roundFloat(mantissa: number, scaleBits: number): number {
  return roundHalfEven(Math.fround(mantissa * 2 ** -scaleBits));
}
