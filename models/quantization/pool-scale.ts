import type { PoolNode } from "../graph/index.ts";
import type { FeatureShape } from "../ir/network.ts";
import { convOutputShape } from "../ir/shape.ts";

/** Least distance from a tie, in output steps, at which float32 sums in any order round alike. */
const margin = 2 ** -9;

/**
 * A scale for the output of a mean over windows, at which no sum of inputs lies half-way between two results: ONNX
 * Runtime adds float32 values there, in its own order, and the hardware adds integers. Results are `sum * input scale /
 * (output scale * n)` for windows of n pixels; where the output scale is `p / L` of the input's, with L a common
 * multiple of all n and p odd, they are multiples of 1 / p, at least 1 / 2p from a tie.
 *
 * @param scale the least that it may be, from calibration
 * @returns the next such scale, or the given one where there is none near it (windows of many sizes)
 */
export function tieFreeScale(node: PoolNode, input: FeatureShape, inputScale: number, scale: number): number {
  const common = [...windowSizes(node, input)].reduce(leastCommonMultiple, 1);
  const least = Math.ceil((common * scale) / inputScale - 1e-6);
  const odd = Math.max(1, least % 2 === 0 ? least + 1 : least);
  return 1 / (2 * odd) < margin ? scale : Math.fround((inputScale * odd) / common);
}

/** How many pixels the windows count. */
function windowSizes({ kernel, stride, padding, countIncludePad }: PoolNode, input: FeatureShape): ReadonlySet<number> {
  if (countIncludePad) return new Set([kernel.height * kernel.width]);
  const output = convOutputShape({ kernel, stride, padding }, input.channels, input);
  const rows = extents(output.height, stride.y, padding.top, kernel.height, input.height);
  const columns = extents(output.width, stride.x, padding.left, kernel.width, input.width);
  return new Set([...rows].flatMap((height) => [...columns].map((width) => height * width)));
}

function extents(outputs: number, stride: number, before: number, kernel: number, extent: number): ReadonlySet<number> {
  return new Set(
    Array.from({ length: outputs }, (_, i) => {
      const first = i * stride - before;
      return Math.min(first + kernel, extent) - Math.max(first, 0);
    }),
  );
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
