import type { Geometry } from "../compiler/index.ts";
import type { LayerWork, Map3 } from "./work.ts";

/** Channel groups of G lanes that the blocks of M outputs of a layer read, summed over the blocks. */
export function blockSpans({ lanes, blockChannels }: Geometry, { channels }: LayerWork): number {
  const { inputs, outputs, groups } = channels;
  const [groupInputs, groupOutputs] = [inputs / groups, outputs / groups];
  let sum = 0;
  for (let first = 0; first < outputs; first += blockChannels) {
    const last = Math.min(outputs, first + blockChannels) - 1;
    const from = Math.floor(first / groupOutputs) * groupInputs;
    const to = (Math.floor(last / groupOutputs) + 1) * groupInputs;
    sum += Math.ceil(to / lanes) - Math.floor(from / lanes);
  }
  return sum;
}

/** Beats of a layer, each tile at least as long as its drain. @param span see `blockSpans` */
export function layerBeats(geometry: Geometry, layer: LayerWork, span: number): number {
  const blocks = geometry.blocks(layer.channels.outputs);
  const least = geometry.tileMinimum * (layer.upsample ? 2 : 1);
  const depth = (span / blocks) * layer.taps;
  const tiles = geometry.lineWords(layer.upsample ? layer.columns / 2 : layer.columns);
  return layer.passes * blocks * layer.rows * tiles * Math.max(depth, least);
}

/** Words per bank that a map takes on chip. */
export function chipWords(geometry: Geometry, { channels, height, width }: Omit<Map3, "tensor">): number {
  return height * geometry.chipChannelGroups(channels) * geometry.lineWords(width);
}

/** Bytes of a map in DRAM. */
export function dramBytes(geometry: Geometry, { channels, height, width }: Omit<Map3, "tensor">): number {
  return height * geometry.channelGroups(channels) * geometry.lineBytes(width);
}
