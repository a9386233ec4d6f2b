import { type Pyramid, pyramid } from "./pyramid.ts";
import type { GraphWriter } from "./writer.ts";

/** Depths of ResNet given here. */
export type ResNetDepth = 18 | 50;

/** Blocks of stages 2 to 5; stage s has 64 * 2^(s - 2) channels inside its blocks. */
const repeats: Readonly<Record<ResNetDepth, readonly number[]>> = { 18: [2, 2, 2, 2], 50: [3, 4, 6, 3] };

/** ResNet-18 or ResNet-50 up to its last feature map; stride 2 is at the 3x3 convolutions. */
export function resnetTrunk(writer: GraphWriter, input: string, depth: ResNetDepth): Pyramid {
  const stem = writer.conv("conv1", input, 64, { kernel: 7, stride: 2, relu: true });
  const ends = [stem];
  let x = writer.pool("maxPool", "maxpool", stem);
  repeats[depth].forEach((count, stage) => {
    for (let i = 0; i < count; i++) {
      const block = `stage${stage + 2}.block${i + 1}`;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      x = (depth === 50 ? bottleneck : basicBlock)(writer, block, x, 64 * 2 ** stage, stride);
    }
    ends.push(x);
  });
  return pyramid(ends);
}

/** Two 3x3 convolutions and a shortcut (1x1 where shapes change); ReLU after the sum. */
export function basicBlock(writer: GraphWriter, block: string, input: string, outputs: number, stride: number): string {
  const x = writer.conv(`${block}/conv_a`, input, outputs, { kernel: 3, stride, relu: true });
  return joined(writer, block, writer.conv(`${block}/conv_b`, x, outputs, { kernel: 3 }), input, stride);
}

/** 1x1, 3x3 and 1x1 convolution to four times the channels, and the same shortcut. */
function bottleneck(writer: GraphWriter, block: string, input: string, channels: number, stride: number): string {
  const x = writer.conv(`${block}/reduce`, input, channels, { relu: true });
  const y = writer.conv(`${block}/conv`, x, channels, { kernel: 3, stride, relu: true });
  return joined(writer, block, writer.conv(`${block}/expand`, y, 4 * channels), input, stride);
}

function joined(writer: GraphWriter, block: string, result: string, input: string, stride: number): string {
  const outputs = writer.channelsOf(result);
  const same = stride === 1 && writer.channelsOf(input) === outputs;
  const shortcut = same ? input : writer.conv(`${block}/shortcut`, input, outputs, { stride });
  return writer.add(`${block}/add`, result, shortcut);
}
