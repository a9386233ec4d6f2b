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
  const { geometry, input, output, channel, channels, zeroPoint } = source;
  const { kernel, stride, padding } = geometry;
  const area = input.height * input.width;
  const depth = channels * kernel.height * kernel.width;
  const single = kernel.height === 1 && kernel.width === 1;
  if (count % pixelBlock !== 0) panel.fill(0, (count - 1) * depth, (count + 1) * depth);
  for (let i = 0; i < count; i++) {
    const pixel = first + i;
    const y = Math.floor(pixel / output.width) * stride.y - padding.top;
    const x = (pixel % output.width) * stride.x - padding.left;
    const inside = y >= 0 && x >= 0 && y + kernel.height <= input.height && x + kernel.width <= input.width;
    let target = (i - (i % pixelBlock)) * depth + (i % pixelBlock);
    let plane = channel * area + y * input.width + x;
    for (let c = 0; c < channels; c++, plane += area) {
      if (single && inside) {
        panel[target] = values[plane] - zeroPoint;
        target += pixelBlock;
        continue;
      }
      for (let ky = 0; ky < kernel.height; ky++) {
        const row = plane + ky * input.width;
        const rowInside = inside || (y + ky >= 0 && y + ky < input.height);
        for (let kx = 0; kx < kernel.width; kx++) {
          const present = inside || (rowInside && x + kx >= 0 && x + kx < input.width);
          panel[target] = present ? values[row + kx] - zeroPoint : 0;
          target += pixelBlock;
        }
      }
    }
  }
}
