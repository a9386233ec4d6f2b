import { type FloatNetwork, runFloat } from "../graph/index.ts";

/** Interval of real values that a tensor takes. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * How the range of a tensor follows from the values it takes: all of them, or all but a share at either end
 * (`percentile` of the values lie within each bound, in percent, above 50 and at most 100).
 */
export type Calibration =
  | { readonly method: "minmax" }
  | { readonly method: "percentile"; readonly percentile: number };

const bins = 4096;

/**
 * Ranges of all tensors of a float network over some inputs.
 *
 * @param images inputs, NCHW with batch 1, in real units
 */
export function calibrateRanges(
  network: FloatNetwork,
  images: readonly Float32Array[],
  calibration: Calibration,
): Map<string, ValueRange> {
  const ranges = minMaxRanges(network, images);
  if (calibration.method === "minmax") return ranges;
  const histograms = new Map([...ranges.keys()].map((name) => [name, new Float64Array(bins)]));
  for (const image of images)
    for (const [name, values] of runFloat(network, image)) {
      const range = ranges.get(name);
      const histogram = histograms.get(name);
      if (range !== undefined && histogram !== undefined) count(values, range, histogram);
    }
  const share = 1 - calibration.percentile / 100;
  for (const [name, histogram] of histograms) {
    const range = ranges.get(name);
    if (range !== undefined && name !== network.graph.input) ranges.set(name, trimmed(range, histogram, share));
  }
  return ranges;
}

function minMaxRanges(network: FloatNetwork, images: readonly Float32Array[]): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  for (const image of images)
    for (const [name, values] of runFloat(network, image)) {
      let { min, max } = ranges.get(name) ?? { min: Infinity, max: -Infinity };
      for (const value of values) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      ranges.set(name, { min, max });
    }
  return ranges;
}

function count(values: Float32Array, { min, max }: ValueRange, histogram: Float64Array): void {
  const factor = max > min ? bins / (max - min) : 0;
  for (const value of values) histogram[Math.min(bins - 1, Math.floor((value - min) * factor))]++;
}

function trimmed({ min, max }: ValueRange, histogram: Float64Array, share: number): ValueRange {
  const step = (max - min) / bins;
  const allowed = histogram.reduce((sum, n) => sum + n, 0) * share;
  let low = 0;
  for (let sum = histogram[0]; sum <= allowed && low < bins - 1; sum += histogram[low]) low++;
  let high = bins;
  for (let sum = histogram[bins - 1]; sum <= allowed && high > low + 1; sum += histogram[high - 1]) high--;
  return { min: min + low * step, max: min + high * step };
}
