import type { TensorInfo } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { Step } from "./step.ts";
import { featureAccess, lineAddress, type Region, type View } from "./view.ts";

/** A tensor in DRAM: lines [row][channel group] from `offset` on. */
export interface DramTensor {
  readonly tensor: TensorInfo;
  readonly offset: number;
}

/**
 * Steps that move a region between DRAM and the feature memory: one if its lines are consecutive in DRAM, else one a row.
 * Channel groups that exist on chip only (to fill whole blocks) are left out.
 */
export function transferSteps(
  kind: "loadFeatures" | "storeFeatures",
  geometry: Geometry,
  { tensor, offset }: DramTensor,
  view: View,
  region: Region,
  operation: number,
): readonly Step[] {
  const { channels, width } = tensor.shape;
  const groups = geometry.channelGroups(channels);
  const endGroup = Math.min(groups, region.endGroup);
  const { firstRow, endRow, firstGroup } = region;
  const perRow = endGroup - firstGroup;
  const lineBytes = geometry.lineBytes(width);
  const step = (first: number, end: number): Step => {
    const memoryOffset = offset + (first * groups + firstGroup) * lineBytes;
    const lines = (end - first) * perRow;
    const command = {
      kind,
      waitLoad: 0,
      waitCompute: 0,
      waitStore: 0,
      memoryOffset,
      lines,
      columns: width,
      base: lineAddress(view, first, firstGroup),
      lineStride: view.groupStride,
      linesPerRow: perRow,
      rowStride: view.rowStride,
      firstBank: 0,
    };
    const dram = { space: "dram", start: memoryOffset, end: memoryOffset + lines * lineBytes } as const;
    const chip = featureAccess(view, { firstRow: first, endRow: end, firstGroup, endGroup });
    const [reads, writes] = kind === "loadFeatures" ? [[dram], [chip]] : [[chip], [dram]];
    return { command, reads, writes, operation };
  };
  if (perRow === groups) return [step(firstRow, endRow)];
  return Array.from({ length: endRow - firstRow }, (_, index) => step(firstRow + index, firstRow + index + 1));
}
