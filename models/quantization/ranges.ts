import { type FloatNetwork, runFloat } from "../graph/index.ts";
import type { ActivationType } from "../ir/network.ts";
import { Histogram } from "./histogram.ts";
import { leastErrorRange } from "./least-error.ts";

/** Interval of real values that a tensor takes. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * How the range of a tensor follows from the values it takes: all of them; or all but a share at either end (`percentile`
 * of the values lie within each bound, in percent, above 50 and at most 100); or the range whose quantisation has the
 * least mean squared error, values beyond it included.
 */
export type Calibration =
  | { readonly method: "minmax" }
  | { readonly method: "percentile"; readonly percentile: number }
  | { readonly method: "mse" };

/** What calibration tells while it runs: images done of all, each image being run once or twice. */
export type CalibrationProgress = (done: number, total: number) => void;

/**
 * Ranges of all tensors of a float network over some inputs. The input's is always that of all its values.
 *
 * @param images inputs, NCHW with batch 1, in real units
 * @param dtype the type that tensors will have, which `mse` needs
 */
export function calibrateRanges(
  network: FloatNetwork,
  images: readonly Float32Array[],
  calibration: Calibration,
  dtype: ActivationType = "uint8",
  onProgress: CalibrationProgress = () => {},
): Map<string, ValueRange> {
  const passes = calibration.method === "minmax" ? 1 : 2;
  const total = passes * images.length;
  const ranges = minMaxRanges(network, images, (done) => onProgress(done, total));
  if (calibration.method === "minmax") return ranges;
  const histograms = new Map([...ranges].map(([name, range]) => [name, new Histogram(range)]));
  images.forEach((image, i) => {
    for (const [name, values] of runFloat(network, image)) histograms.get(name)?.count(values);
    onProgress(images.length + i + 1, total);
  });
  histograms.delete(network.graph.input);
  for (const [name, histogram] of histograms)
    ranges.set(
      name,
      calibration.method === "percentile"
        ? histogram.trimmed(1 - calibration.percentile / 100)
        : leastErrorRange(histogram, dtype),
    );
  return ranges;
}

function minMaxRanges(
  network: FloatNetwork,
  images: readonly Float32Array[],
  onImage: (done: number) => void,
): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>();
  images.forEach((image, i) => {
    for (const [name, values] of runFloat(network, image)) {
      let { min, max } = ranges.get(name) ?? { min: Infinity, max: -Infinity };
      for (const value of values) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      ranges.set(name, { min, max });
    }
    onImage(i + 1);
  });
  return ranges;
}
