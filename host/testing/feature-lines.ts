import type { FeatureShape } from "../../models/ir/network.ts";
import type { Geometry } from "../compiler/geometry.ts";

/** Bytes of an int8 tensor as DRAM lines [row][channel group]. */
export function lineBytesOf(geometry: Geometry, { channels, height, width }: FeatureShape): number {
  return height * geometry.channelGroups(channels) * geometry.lineBytes(width);
}

/** Byte offset of the value at an NCHW index of such lines. */
function offsetOf(geometry: Geometry, { channels, height, width }: FeatureShape, index: number): number {
  const [channel, row] = [Math.floor(index / (height * width)), Math.floor(index / width) % height];
  const line = row * geometry.channelGroups(channels) + Math.floor(channel / geometry.lanes);
  return line * geometry.lineBytes(width) + (index % width) * geometry.lanes + (channel % geometry.lanes);
}

/** An int8 tensor (NCHW) as DRAM lines. */
export function toLines(geometry: Geometry, shape: FeatureShape, values: Int8Array): Uint8Array {
  const bytes = new Uint8Array(lineBytesOf(geometry, shape));
  values.forEach((value, index) => {
    bytes[offsetOf(geometry, shape, index)] = value;
  });
  return bytes;
}

/** The int8 tensor (NCHW) that lies as DRAM lines at the start of `bytes`. */
export function fromLines(geometry: Geometry, shape: FeatureShape, bytes: Uint8Array): Int8Array {
  const values = new Int8Array(shape.channels * shape.height * shape.width);
  return values.map((_, index) => bytes[offsetOf(geometry, shape, index)]);
}
