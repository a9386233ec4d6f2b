import { type Pyramid, pyramid } from "./pyramid.ts";
import type { GraphWriter } from "./writer.ts";

/** Units of stages 2, 3 and 4 of both versions; the first of each has stride 2. */
const repeats = [4, 8, 4];

const stemChannels = 24;

/** Groups of ShuffleNet v1's pointwise convolutions. */
const groupsV1 = 3;

/** Stage 2's channels of ShuffleNet v1 at scale 1 with 3 groups (its Table 1). */
const channelsV1 = 240;

/** Stage 2's channels in ShuffleNet v2 by scale, as the VarGNet paper's Table 4c has them. */
export const shufflenetV2Channels: ReadonlyMap<number, number> = new Map([
  [0.25, 60],
  [0.5, 108],
  [0.75, 154],
  [1, 196],
  [1.25, 228],
  [1.5, 270],
  [1.75, 312],
]);

/** ShuffleNet v1's scales are multiples of this: its groups divide all channels. */
export const shufflenetV1Step = (4 * groupsV1) / channelsV1;

/** ShuffleNet v1 (3 groups) up to its last feature map. */
export function shufflenetV1Trunk(writer: GraphWriter, input: string, scale: number, stride = 2): Pyramid {
  const first = Math.round(channelsV1 * scale);
  return trunk(writer, input, stride, (stage, unit, x) => {
    const outputs = first * 2 ** stage;
    return unit === 0
      ? downV1(writer, `stage${stage + 2}.unit1`, x, outputs, stage > 0)
      : normalV1(writer, `stage${stage + 2}.unit${unit + 1}`, x);
  });
}

/**
 * ShuffleNet v2 up to stage 4.
 *
 * @param channels of stage 2, even
 */
export function shufflenetV2Trunk(writer: GraphWriter, input: string, channels: number, stride = 2): Pyramid {
  return trunk(writer, input, stride, (stage, unit, x) => {
    const block = `stage${stage + 2}.unit${unit + 1}`;
    return unit === 0 ? downV2(writer, block, x, channels * 2 ** stage) : normalV2(writer, block, x);
  });
}

function trunk(
  writer: GraphWriter,
  input: string,
  stride: number,
  unitOf: (stage: number, unit: number, x: string) => string,
): Pyramid {
  const stem = writer.conv("conv1", input, stemChannels, { kernel: 3, stride, relu: true });
  const ends = [stem, writer.pool("maxPool", "maxpool", stem)];
  repeats.forEach((count, stage) => {
    let x = ends[stage + 1];
    for (let unit = 0; unit < count; unit++) x = unitOf(stage, unit, x);
    ends.push(x);
  });
  return pyramid(ends);
}

/** Group 1x1, shuffle, depthwise 3x3, group 1x1; identity added. */
function normalV1(writer: GraphWriter, block: string, input: string): string {
  const channels = writer.channelsOf(input);
  const y = bottleneckV1(writer, block, input, channels / 4, channels, 1, true);
  return writer.add(`${block}/add`, y, input);
}

/**
 * The same at stride 2, beside an average pooling of the input. The ReLU after the concatenation is put before it: the
 * pooled values are not negative.
 */
function downV1(writer: GraphWriter, block: string, input: string, outputs: number, grouped: boolean): string {
  const rest = outputs - writer.channelsOf(input);
  const y = bottleneckV1(writer, block, input, outputs / 4, rest, 2, grouped);
  return writer.concat(`${block}/concat`, [writer.pool("averagePool", `${block}/pool`, input), y]);
}

function bottleneckV1(
  writer: GraphWriter,
  block: string,
  input: string,
  middle: number,
  outputs: number,
  stride: number,
  grouped: boolean,
): string {
  const x = writer.conv(`${block}/compress`, input, middle, { groups: grouped ? groupsV1 : 1, relu: true });
  const shuffled = writer.shuffle(`${block}/shuffle`, x, groupsV1);
  const y = writer.depthwise(`${block}/depthwise`, shuffled, { stride });
  return writer.conv(`${block}/expand`, y, outputs, { groups: groupsV1, relu: stride === 2 });
}

/** Half of the channels pass, half go through 1x1, depthwise 3x3, 1x1; then both are shuffled. */
function normalV2(writer: GraphWriter, block: string, input: string): string {
  const half = writer.channelsOf(input) / 2;
  const left = writer.split(`${block}/left`, input, 0, half);
  const right = branchV2(writer, block, writer.split(`${block}/right`, input, half, half), half, 1);
  return writer.shuffle(`${block}/shuffle`, writer.concat(`${block}/concat`, [left, right]), 2);
}

function downV2(writer: GraphWriter, block: string, input: string, outputs: number): string {
  const half = outputs / 2;
  const left = writer.depthwise(`${block}/left_depthwise`, input, { stride: 2 });
  const point = writer.conv(`${block}/left_point`, left, half, { relu: true });
  const right = branchV2(writer, block, input, half, 2);
  return writer.shuffle(`${block}/shuffle`, writer.concat(`${block}/concat`, [point, right]), 2);
}

function branchV2(writer: GraphWriter, block: string, input: string, channels: number, stride: number): string {
  const x = writer.conv(`${block}/point_a`, input, channels, { relu: true });
  const y = writer.depthwise(`${block}/depthwise`, x, { stride });
  return writer.conv(`${block}/point_b`, y, channels, { relu: true });
}
