import type { ValueRange } from "./ranges.ts";

const bins = 4096;

/** How often values of a tensor fall in each of equal parts of its range. */
export class Histogram {
  readonly range: ValueRange;
  readonly counts = new Float64Array(bins);

  constructor(range: ValueRange) {
    this.range = range;
  }

  /** Width of a bin. */
  get step(): number {
    return (this.range.max - this.range.min) / bins;
  }

  /** Counts values, which must lie in the range. */
  count(values: Float32Array): void {
    const { min, max } = this.range;
    const factor = max > min ? bins / (max - min) : 0;
    for (const value of values) this.counts[Math.min(bins - 1, Math.floor((value - min) * factor))]++;
  }

  /** The range without a share of the values at either end. */
  trimmed(share: number): ValueRange {
    const { counts, step } = this;
    const { min } = this.range;
    const allowed = counts.reduce((sum, n) => sum + n, 0) * share;
    let low = 0;
    for (let sum = counts[0]; sum <= allowed && low < bins - 1; sum += counts[low]) low++;
    let high = bins;
    for (let sum = counts[bins - 1]; sum <= allowed && high > low + 1; sum += counts[high - 1]) high--;
    return { min: min + low * step, max: min + high * step };
  }
}
