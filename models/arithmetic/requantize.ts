import { roundHalfEven } from "./float32.ts";

/**
 * The factor from accumulator units to output units of QLinearConv and QGemm: float32, rounded after each step.
 *
 * @param inputScale float32, positive
 * @param weightScale float32, positive: that of the output channel
 * @param outputScale float32, positive
 */
export function effectiveScale(inputScale: number, weightScale: number, outputScale: number): number {
  return Math.fround(Math.fround(inputScale * weightScale) / outputScale);
}

/**
 * Requantises one accumulator of QLinearConv, QGemm or QLinearGlobalAveragePool.
 *
 * @param accumulator int32 sum, bias and zero-point correction included
 * @param scale float32, see {@link effectiveScale}
 * @param zeroPoint the output's
 * @param lo lower bound of the result (a ReLU is `lo = zeroPoint`)
 * @param hi upper bound of the result
 * @returns `clamp(roundHalfEven(fround(fround(accumulator) * scale)) + zeroPoint, lo, hi)`
 */
export function requantize(accumulator: number, scale: number, zeroPoint: number, lo: number, hi: number): number {
  const rounded = roundHalfEven(Math.fround(Math.fround(accumulator) * scale)) + zeroPoint;
  if (rounded < lo) return lo;
  return rounded > hi ? hi : rounded;
}
