import type { AddTables } from "../../arithmetic/index.ts";
import type { Geometry } from "../geometry.ts";
import type { ChannelConstants } from "../lower/channels.ts";
import type { Operation } from "../lower/operation.ts";

/** Bytes of one channel's parameters: S in bits 50:0, bias in bits 95:64. */
const CHANNEL_BYTES = 16;
const TABLE_ENTRIES = 256;

/** Parameter words of the blocks [firstBlock, firstBlock + blocks); channels that do not exist are 0. */
export function packParameters(
  geometry: Geometry,
  { outputs }: Operation,
  { scales, bias }: ChannelConstants,
  firstBlock: number,
  blocks: number,
): Uint8Array {
  const { blockChannels } = geometry;
  const bytes = new Uint8Array(blocks * blockChannels * CHANNEL_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < blocks * blockChannels; i++) {
    const position = firstBlock * blockChannels + i;
    if (position >= outputs.length) break;
    const channel = outputs[position];
    if (channel < 0) continue;
    view.setBigUint64(i * CHANNEL_BYTES, scales[channel], true);
    view.setInt32(i * CHANNEL_BYTES + 8, bias[channel], true);
  }
  return bytes;
}

/** Bytes of a pair of tables in DRAM: per entry TA and TB in one beat, or in two with a 64-bit bus. */
export function tableBytes(geometry: Geometry): number {
  return TABLE_ENTRIES * Math.max(16, geometry.beatBytes);
}

/** A pair of addition tables as LOAD_TABLES reads it. */
export function packTables(geometry: Geometry, { ta, tb }: AddTables): Uint8Array {
  const bytes = new Uint8Array(tableBytes(geometry));
  const view = new DataView(bytes.buffer);
  const mask = (1n << 36n) - 1n;
  const stride = bytes.length / TABLE_ENTRIES;
  for (let i = 0; i < TABLE_ENTRIES; i++) {
    view.setBigUint64(i * stride, BigInt(ta[i]) & mask, true);
    view.setBigUint64(i * stride + 8, BigInt(tb[i]) & mask, true);
  }
  return bytes;
}
