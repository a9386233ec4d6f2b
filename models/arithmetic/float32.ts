/**
 * IEEE-754 single-precision steps that JavaScript lacks. Rounding to float32 itself is `Math.fround`.
 */

const scratch = new Float64Array(1);
const scratchBits = new BigUint64Array(scratch.buffer);

/**
 * Fused multiply-add: the float32 nearest to the exact a * b + c (ties to even).
 *
 * The product of two float32 is exact in float64. Their sum with c may not be; it is then rounded to odd, after which
 * the rounding to float32 is the rounding of the exact value (Boldo and Melquiond, "Emulation of a FMA", 2008).
 *
 * @param a float32 value
 * @param b float32 value
 * @param c float32 value
 */
export function fma32(a: number, b: number, c: number): number {
  return addRounded32(a * b, c);
}

/**
 * The float32 nearest to the exact sum of two float64 values (ties to even).
 *
 * @param p any finite float64
 * @param c any finite float64
 */
export function addRounded32(p: number, c: number): number {
  const sum = p + c;
  const back = sum - p;
  const error = p - (sum - back) + (c - back);
  if (error === 0) return Math.fround(sum);
  scratch[0] = sum;
  const bits = scratchBits[0];
  // An even last bit means that the other neighbour of the exact sum, one step towards the error, is the odd one.
  if ((bits & 1n) === 0n) scratchBits[0] = error > 0 === sum > 0 ? bits + 1n : bits - 1n;
  return Math.fround(scratch[0]);
}

/** Adding it to a float64 below 2^51 leaves no bits for a fraction, so that the hardware's own rounding applies. */
const integerShift = 1.5 * 2 ** 52;

/**
 * Rounds to the nearest integer, ties to the even one.
 *
 * @param x any float32, or a float64 of magnitude below 2^51
 */
export function roundHalfEven(x: number): number {
  return Math.abs(x) < 2 ** 51 ? x + integerShift - integerShift : x;
}
