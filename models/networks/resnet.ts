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
      x = residual(writer, block, x, 64 * 2 ** stage, stride, depth);
    }
    ends.push(x);
  });
  return pyramid(ends);
}

/** Two 3x3 convolutions, or 1x1, 3x3 and 1x1 to four times the channels; a 1x1 shortcut where shapes change. */
function residual(
  writer: GraphWriter,
  block: string,
  input: string,
  channels: number,
  stride: number,
  depth: ResNetDepth,
): string {
  const outputs = depth === 50 ? 4 * channels : channels;
  const y =
    depth === 50 ? bottleneck(writer, block, input, channels, stride) : basic(writer, block, input, channels, stride);
  const same = stride === 1 && writer.channelsOf(input) === outputs;
  return writer.add(`${block}/add`, y, same ? input : writer.conv(`${block}/shortcut`, input, outputs, { stride }));
}

function basic(writer: GraphWriter, block: string, input: string, channels: number, stride: number): string {
  const x = writer.conv(`${block}/conv_a`, input, channels, { kernel: 3, stride, relu: true });
  return writer.conv(`${block}/conv_b`, x, channels, { kernel: 3 });
}

function bottleneck(writer: GraphWriter, block: string, input: string, channels: number, stride: number): string {
  const x = writer.conv(`${block}/reduce`, input, channels, { relu: true });
  const y = writer.conv(`${block}/conv`, x, channels, { kernel: 3, stride, relu: true });
  return writer.conv(`${block}/expand`, y, 4 * channels);
}
