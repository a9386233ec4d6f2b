import { rangeOf, requantize } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { Activations, ConvLayer, GemmLayer, TensorInfo } from "../ir/network.ts";
import type { ConvGeometry } from "../ir/shape.ts";
import { channelBlock, multiplyBlock, pixelBlock } from "./kernel.ts";
import { fillPanel, type PanelSource } from "./panel.ts";
import { preparedWeights } from "./prepare.ts";

/** Float64 values of a panel: what stays in a core's second-level cache. */
const panelValues = 32768;

/** ONNX QLinearConv: NCHW in, NCHW out. */
export function qlinearConv(layer: ConvLayer, values: Activations, input: TensorInfo, output: TensorInfo): Activations {
  const channels = input.shape.channels / layer.groups;
  const group = { geometry: layer, input: input.shape, output: output.shape, channels };
  return convolve(layer, values, input, output, (index) => ({ ...group, channel: index * channels }));
}

/** What a group gathers, less what all have in common. */
export type GroupSource = Omit<PanelSource, "zeroPoint"> & { readonly geometry: ConvGeometry };

/** Convolution over given panel sources; a fully connected layer is one over a single pixel. */
export function convolve(
  layer: ConvLayer | GemmLayer,
  values: Activations,
  input: TensorInfo,
  output: TensorInfo,
  sourceOf: (group: number) => GroupSource,
): Activations {
  const { groups, scales } = preparedWeights(layer, input.quantization, output.quantization);
  const { dtype, zeroPoint } = output.quantization;
  const { lo, hi } = rangeOf(dtype);
  const area = output.shape.height * output.shape.width;
  const channels = layer.bias.length / groups.length;
  const depth = layer.weights.length / layer.bias.length;
  const result = newActivations(dtype, layer.bias.length * area);
  const chunk = Math.min(area + (area % pixelBlock), Math.max(pixelBlock, Math.floor(panelValues / depth / 2) * 2));
  const panel = new Float64Array(chunk * depth);
  const sums = new Float64Array(chunk * channelBlock);
  groups.forEach(({ packed, paired }, group) => {
    const source = { ...sourceOf(group), zeroPoint: input.quantization.zeroPoint };
    const step = paired ? channelBlock : channelBlock / 2;
    for (let first = 0; first < area; first += chunk) {
      const count = Math.min(chunk, area - first);
      const pixels = count + (count % pixelBlock);
      fillPanel(source, values, first, count, panel);
      for (let c = 0; c < channels; c += step) {
        multiplyBlock(packed, c / step, panel, depth, pixels, paired, sums);
        for (let row = 0; row < Math.min(step, channels - c); row++) {
          const channel = group * channels + c + row;
          const bias = layer.bias[channel];
          const scale = scales[channel];
          const target = channel * area + first;
          for (let i = 0; i < count; i++)
            result[target + i] = requantize(sums[row * pixels + i] + bias, scale, zeroPoint, lo, hi);
        }
      }
    }
  });
  return result;
}
