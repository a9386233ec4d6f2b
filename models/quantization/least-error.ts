import { dequantizeValue, quantizeValue } from "../arithmetic/index.ts";
import type { ActivationType } from "../ir/network.ts";
import { activationQuantization } from "./activation.ts";
import type { Histogram } from "./histogram.ts";
import type { ValueRange } from "./ranges.ts";

/** Shares of a bound that are tried, from all of it downwards. */
const shares = Array.from({ length: 91 }, (_, i) => 1 - i / 100);

/**
 * The range whose quantisation loses least: the mean squared difference of each value, taken as the middle of its bin,
 * from what it is quantised to. The upper bound is moved first, then the lower one, then the upper one again.
 */
export function leastErrorRange(histogram: Histogram, dtype: ActivationType): ValueRange {
  const { min, max } = histogram.range;
  let best = { range: histogram.range, error: squaredError(histogram, histogram.range, dtype) };
  const attempt = (range: ValueRange): void => {
    const error = squaredError(histogram, range, dtype);
    if (error < best.error) best = { range, error };
  };
  for (const bound of ["max", "min", "max"] as const) {
    const { range } = best;
    for (const share of shares)
      attempt(bound === "max" ? { ...range, max: share * max } : { ...range, min: share * min });
  }
  return best.range;
}

function squaredError({ counts, step, range }: Histogram, tried: ValueRange, dtype: ActivationType): number {
  const quantization = activationQuantization(tried, dtype);
  return counts.reduce((sum, count, i) => {
    if (count === 0) return sum;
    const value = range.min + (i + 0.5) * step;
    return sum + count * (value - dequantizeValue(quantizeValue(value, quantization), quantization)) ** 2;
  }, 0);
}
