import type { FeatureShape } from "../ir/network.ts";
import type { PoolNode, SplitNode } from "./graph.ts";

/** Maximum or mean over each window, padding left out. Values are NCHW with batch 1, here and below. */
export function pool(node: PoolNode, values: Float32Array, input: FeatureShape, output: FeatureShape): Float32Array {
  const { kernel, stride, padding } = node;
  const result = new Float32Array(output.channels * output.height * output.width);
  for (let channel = 0, i = 0; channel < output.channels; channel++)
    for (let y = 0; y < output.height; y++) {
      const rows = within(y * stride.y - padding.top, kernel.height, input.height);
      for (let x = 0; x < output.width; x++) {
        const columns = within(x * stride.x - padding.left, kernel.width, input.width);
        let sum = 0;
        let max = Number.NEGATIVE_INFINITY;
        for (let row = rows.first; row < rows.end; row++)
          for (let column = columns.first; column < columns.end; column++) {
            const value = values[(channel * input.height + row) * input.width + column];
            sum += value;
            max = Math.max(max, value);
          }
        const inside = (rows.end - rows.first) * (columns.end - columns.first);
        const count = node.countIncludePad ? kernel.height * kernel.width : inside;
        result[i++] = node.kind === "maxPool" ? max : sum / count;
      }
    }
  return result;
}

/** Each pixel twice in both directions. */
export function upsample(values: Float32Array, { channels, height, width }: FeatureShape): Float32Array {
  const result = new Float32Array(4 * values.length);
  for (let row = 0, i = 0; row < 2 * channels * height; row++)
    for (let x = 0; x < 2 * width; x++) result[i++] = values[(row >> 1) * width + (x >> 1)];
  return result;
}

/** All inputs, one after another. */
export function concat(inputs: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(inputs.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const input of inputs) {
    result.set(input, start);
    start += input.length;
  }
  return result;
}

/** Channel g * (C / groups) + i goes to i * groups + g. */
export function channelShuffle(values: Float32Array, input: FeatureShape, groups: number): Float32Array {
  const area = input.height * input.width;
  const perGroup = input.channels / groups;
  const result = new Float32Array(values.length);
  for (let channel = 0; channel < input.channels; channel++) {
    const target = (channel % perGroup) * groups + Math.floor(channel / perGroup);
    result.set(values.subarray(channel * area, (channel + 1) * area), target * area);
  }
  return result;
}

/** Some channels. */
export function split(values: Float32Array, input: FeatureShape, { start, channels }: SplitNode): Float32Array {
  const area = input.height * input.width;
  return values.slice(start * area, (start + channels) * area);
}

/** Channels in any order. */
export function gather(values: Float32Array, input: FeatureShape, order: Int32Array): Float32Array {
  const area = input.height * input.width;
  return concat(Array.from(order, (channel) => values.subarray(channel * area, (channel + 1) * area)));
}

function within(first: number, length: number, extent: number): { readonly first: number; readonly end: number } {
  return { first: Math.max(first, 0), end: Math.min(first + length, extent) };
}
