import { newActivations } from "../../../models/ir/activations.ts";
import type { Activations, FeatureShape, TensorInfo } from "../../../models/ir/network.ts";
import { elementCount } from "../../../models/ir/shape.ts";
import type { InputPacking } from "../lower/pack-input.ts";

/**
 * The taps of each output pixel side by side: the network's input as a packed program reads it.
 *
 * @param values the input, [channel][row][column]
 * @returns [channel][ky][kx][output row][output column] (`packing.shape`); taps outside the map hold the zero point
 */
export function packTaps({ shape, quantization }: TensorInfo, packing: InputPacking, values: Activations): Activations {
  const { dtype, zeroPoint } = quantization;
  const packed = newActivations(dtype, elementCount(packing.shape)).fill(zeroPoint);
  forEachRun(shape, packing, (from, to, length) => {
    for (let i = 0; i < length; i++) packed[to + i] = values[from + i * packing.stride];
  });
  return packed;
}

/** The network's input, [channel][row][column], from its taps; pixels that no tap reads are the zero point. */
export function unpackTaps({ shape, quantization }: TensorInfo, packing: InputPacking, taps: Activations): Activations {
  const { dtype, zeroPoint } = quantization;
  const values = newActivations(dtype, elementCount(shape)).fill(zeroPoint);
  forEachRun(shape, packing, (from, to, length) => {
    for (let i = 0; i < length; i++) values[from + i * packing.stride] = taps[to + i];
  });
  return values;
}

/**
 * Calls `visit` for every row of a tap's values that lie in the map: their first index in the input, where they are
 * `stride` apart, their first index among the taps, and their number.
 */
function forEachRun(
  { channels, height, width }: FeatureShape,
  { kernel, stride, padding, shape }: InputPacking,
  visit: (from: number, to: number, length: number) => void,
): void {
  for (let tap = 0; tap < shape.channels; tap++) {
    const kx = tap % kernel.width;
    const ky = Math.floor(tap / kernel.width) % kernel.height;
    const channel = Math.floor(tap / (kernel.width * kernel.height));
    const first = Math.max(0, Math.ceil((padding.left - kx) / stride));
    const end = Math.min(shape.width, Math.floor((width - 1 + padding.left - kx) / stride) + 1);
    if (channel >= channels || end <= first) continue;
    for (let row = 0; row < shape.height; row++) {
      const y = row * stride - padding.top + ky;
      if (y < 0 || y >= height) continue;
      const from = (channel * height + y) * width + first * stride - padding.left + kx;
      visit(from, (tap * shape.height + row) * shape.width + first, end - first);
    }
  }
}
