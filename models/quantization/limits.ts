import { effectiveScale } from "../arithmetic/index.ts";
import type { Problem } from "../errors.ts";
import { accumulatorBounds, accumulatorLimit, effectiveScaleLimits } from "../ir/limits.ts";
import { type Network, tensorOf } from "../ir/network.ts";

/**
 * Where a network leaves the range in which the hardware's requantiser is exact: one problem per layer and limit, naming
 * the worst channel. Empty for networks of `quantizeNetwork`, save for effective scales of 16 and more.
 */
export function hardwareLimitProblems(network: Network): readonly Problem[] {
  const problems: Problem[] = [];
  for (const layer of network.layers) {
    if (layer.kind !== "conv" && layer.kind !== "gemm") continue;
    const input = tensorOf(network, layer.input).quantization;
    const output = tensorOf(network, layer.output).quantization;
    const bounds = accumulatorBounds(layer, input);
    const worst = bounds.reduce((best, bound, channel) => (bound > bounds[best] ? channel : best), 0);
    if (bounds[worst] > accumulatorLimit)
      problems.push({
        code: "network/accumulator",
        path: layer.name,
        message: `channel ${worst} may sum up to ${bounds[worst]}, beyond ${accumulatorLimit}`,
        hint: "give the channel a larger weight scale, or split the layer's input channels",
      });
    const { lo, hi } = effectiveScaleLimits;
    const scales = layer.weightScales.map((scale) => effectiveScale(input.scale, scale, output.scale));
    const outside = scales.findIndex((scale) => !(scale >= lo && scale < hi));
    if (outside >= 0)
      problems.push({
        code: "network/effective-scale",
        path: layer.name,
        message: `channel ${outside} has the effective scale ${scales[outside]}, outside [2^-27, 16)`,
        hint: "recalibrate the layer's input and output scales",
      });
  }
  return problems;
}
