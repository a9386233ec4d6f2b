import type { Activations, FeatureShape } from "../ir/network.ts";
import type { ConvGeometry } from "../ir/shape.ts";
import { pixelBlock } from "./kernel.ts";

/** Which part of a convolution's input a panel gathers. */
export interface PanelSource {
  readonly geometry: ConvGeometry;
  readonly input: FeatureShape;
  readonly output: FeatureShape;
  /** First input channel of the group. */
  readonly channel: number;
  /** Input channels of the group. */
  readonly channels: number;
  readonly zeroPoint: number;
}

/**
 * Gathers the activations that `count` output pixels from `first` on need, less the zero point, in the order that
 * `multiplyBlock` reads: for each pair of pixels the values of (channel, kernel row, kernel column), interleaved.
 * Padding, and a missing second pixel, give 0.
 */
export function fillPanel(
  source: PanelSource,
  values: Activations | Float32Array,
  first: number,
  count: number,
  panel: Float64Array,
): void {
  const { geometry, output, channels } = source;
  const { kernel, padding } = geometry;
  const depth = channels * kernel.height * kernel.width;
  const padded = padding.top + padding.left + padding.bottom + padding.right > 0;
  if (padded) panel.fill(0, 0, (count + (count % pixelBlock)) * depth);
  else if (count % pixelBlock !== 0) panel.fill(0, (count - 1) * depth, (count + 1) * depth);
  const last = first + count;
  for (let pixel = first; pixel < last; ) {
    const y = Math.floor(pixel / output.width);
    const end = Math.min(last, (y + 1) * output.width);
    fillRow(source, values, y, pixel - y * output.width, end - pixel, pixel - first, panel);
    pixel = end;
  }
}

/** Fills in `count` pixels of output row `y` from column `x` on, the panel's pixels from `index` on. */
function fillRow(
  source: PanelSource,
  values: Activations | Float32Array,
  y: number,
  x: number,
  count: number,
  index: number,
  panel: Float64Array,
): void {
  const { geometry, input, channel, channels, zeroPoint } = source;
  const { kernel, stride, padding } = geometry;
  const depth = channels * kernel.height * kernel.width;
  const top = y * stride.y - padding.top;
  const left = x * stride.x - padding.left;
  for (let c = 0; c < channels; c++)
    for (let ky = 0; ky < kernel.height; ky++) {
      const row = top + ky;
      if (row < 0 || row >= input.height) continue;
      const start = ((channel + c) * input.height + row) * input.width;
      for (let kx = 0; kx < kernel.width; kx++) {
        const tap = ((c * kernel.height + ky) * kernel.width + kx) * pixelBlock;
        const from = Math.max(0, Math.ceil((-left - kx) / stride.x));
        const to = Math.min(count, Math.ceil((input.width - left - kx) / stride.x));
        let position = start + left + kx + from * stride.x;
        for (let i = from; i < to; i++) {
          const pixel = index + i;
          panel[(pixel >> 1) * depth * pixelBlock + (pixel & 1) + tap] = values[position] - zeroPoint;
          position += stride.x;
        }
      }
    }
}
