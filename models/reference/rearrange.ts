import { newActivations } from "../ir/activations.ts";
import type { Activations, ChannelsLayer, TensorInfo } from "../ir/network.ts";

/** ONNX Resize, nearest neighbour, by 2: NCHW in, NCHW out. */
export function upsample(values: Activations, { shape, quantization }: TensorInfo): Activations {
  const { channels, height, width } = shape;
  const result = newActivations(quantization.dtype, 4 * values.length);
  for (let row = 0, i = 0; row < 2 * channels * height; row++)
    for (let x = 0; x < 2 * width; x++) result[i++] = values[(row >> 1) * width + (x >> 1)];
  return result;
}

/** ONNX Gather along the channels: NCHW in, NCHW out. */
export function gatherChannels(
  { order }: ChannelsLayer,
  values: Activations,
  { shape, quantization }: TensorInfo,
): Activations {
  const area = shape.height * shape.width;
  const result = newActivations(quantization.dtype, order.length * area);
  order.forEach((source, channel) => {
    result.set(values.subarray(source * area, (source + 1) * area), channel * area);
  });
  return result;
}
