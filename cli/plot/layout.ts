import type { IntensityAnalysis, LayerKind } from "../../models/networks/index.ts";

/** A layer's dot: `x` in slots from the left. */
export interface Dot {
  readonly x: number;
  readonly intensity: number;
  readonly kind: LayerKind;
  readonly layer: string;
}

/** A block's band, or a layer outside any block (without a ratio), with its label. */
export interface Band {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly lowest: number;
  readonly highest: number;
  /** `14x`; empty for single layers. */
  readonly ratio: string;
}

/** Dots and bands of one network side by side in the order of its layers. */
export interface Layout {
  readonly dots: readonly Dot[];
  readonly bands: readonly Band[];
  /** Slots in all. */
  readonly width: number;
}

/** Slots between blocks. */
const gap = 1;

/** Puts the layers of a network side by side, each block's together. */
export function layoutOf({ layers, blocks }: IntensityAnalysis): Layout {
  const balance = new Map(blocks.map((block) => [block.block, block]));
  const dots: Dot[] = [];
  const bands: Band[] = [];
  let x = 0;
  for (const [name, members] of runs(layers)) {
    const from = x;
    for (const { intensity, kind, name: layer } of members) dots.push({ x: x++ + 0.5, intensity, kind, layer });
    const values = members.map(({ intensity }) => intensity);
    const ratio = balance.get(name)?.ratio;
    bands.push({
      name,
      from,
      to: x,
      lowest: Math.min(...values),
      highest: Math.max(...values),
      ratio: ratio === undefined ? "" : `${ratio < 9.95 ? ratio.toFixed(1) : ratio.toFixed(0)}×`,
    });
    x += gap;
  }
  return { dots, bands, width: x - gap };
}

/** Layers by block, in order; a layer outside any block is by itself. */
function runs(layers: IntensityAnalysis["layers"]): ReadonlyMap<string, IntensityAnalysis["layers"]> {
  const result = new Map<string, IntensityAnalysis["layers"][number][]>();
  for (const layer of layers) {
    const key = layer.block ?? layer.name;
    const members = result.get(key) ?? [];
    members.push(layer);
    result.set(key, members);
  }
  return result;
}
