import { type Pyramid, pyramid } from "./pyramid.ts";
import type { GraphWriter } from "./writer.ts";

/** Output channels and stride of each depthwise separable block of MobileNet v1 (its Table 1). */
const blocksV1: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** Expansion, output channels, repeats and first stride of MobileNet v2's inverted residuals (its Table 2). */
const stagesV2: readonly (readonly [expansion: number, channels: number, repeats: number, stride: number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/**
 * MobileNet v1 up to its last feature map. Channels are scaled and rounded down, as the "Max Channels" of the VarGNet
 * paper's Table 3c ask for.
 *
 * @param stride of the first convolution
 */
export function mobilenetV1Trunk(writer: GraphWriter, input: string, scale: number, stride = 2): Pyramid {
  const width = (channels: number): number => Math.floor(channels * scale + 1e-9);
  let x = writer.conv("conv1", input, width(32), { kernel: 3, stride, relu: true });
  const ends: string[] = [];
  blocksV1.forEach(([channels, blockStride], i) => {
    if (blockStride === 2) ends.push(x);
    x = depthwiseSeparable(writer, `block${i + 1}`, x, width(channels), blockStride);
  });
  return pyramid([...ends, x]);
}

/** Depthwise 3x3 and 1x1 convolution, each with ReLU. */
function depthwiseSeparable(writer: GraphWriter, block: string, input: string, outputs: number, stride = 1): string {
  const x = writer.depthwise(`${block}/depthwise`, input, { stride, relu: true });
  return writer.conv(`${block}/pointwise`, x, outputs, { relu: true });
}

/** Options of {@link mobilenetV2Trunk}. */
export interface MobileNetV2Options {
  /** Stride of the first convolution (default 2). */
  readonly stride?: number;
  /** Whether the first bottleneck too has its 1x1 expansion, from C to C channels, as in MXNet's definition. */
  readonly expandFirst?: boolean;
}

/** MobileNet v2 up to its last bottleneck (320 channels); channels are scaled to the nearest multiple of 8. */
export function mobilenetV2Trunk(
  writer: GraphWriter,
  input: string,
  scale: number,
  { stride = 2, expandFirst = false }: MobileNetV2Options = {},
): Pyramid {
  const width = (channels: number): number => multipleOf8(channels * scale);
  let x = writer.conv("conv1", input, width(32), { kernel: 3, stride, relu: true, ceiling: 6 });
  const ends: string[] = [];
  let index = 0;
  for (const [expansion, channels, repeats, firstStride] of stagesV2) {
    if (firstStride === 2) ends.push(x);
    for (let i = 0; i < repeats; i++)
      x = invertedResidual(writer, `bottleneck${++index}`, x, width(channels), {
        expansion,
        stride: i === 0 ? firstStride : 1,
        expand: expansion > 1 || expandFirst,
      });
  }
  return pyramid([...ends, x]);
}

/** Last 1x1 convolution of MobileNet v2: 1280 channels, more at scales above 1. */
export function mobilenetV2Top(writer: GraphWriter, features: string, scale: number): string {
  return writer.conv("conv_last", features, multipleOf8(1280 * Math.max(1, scale)), { relu: true, ceiling: 6 });
}

/** 1x1 expansion, depthwise 3x3, linear 1x1 projection; with the identity where shapes allow. */
export function invertedResidual(
  writer: GraphWriter,
  block: string,
  input: string,
  outputs: number,
  { expansion, stride, expand }: { readonly expansion: number; readonly stride: number; readonly expand: boolean },
): string {
  const inputs = writer.channelsOf(input);
  const relu6 = { relu: true, ceiling: 6 };
  const wide = expand ? writer.conv(`${block}/expand`, input, inputs * expansion, relu6) : input;
  const x = writer.depthwise(`${block}/depthwise`, wide, { stride, ...relu6 });
  const y = writer.conv(`${block}/project`, x, outputs);
  return stride === 1 && inputs === outputs ? writer.add(`${block}/add`, y, input, false) : y;
}

/** The nearest multiple of 8, at least 8 and not more than a tenth below the value. */
function multipleOf8(value: number): number {
  const nearest = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return nearest < 0.9 * value ? nearest + 8 : nearest;
}
