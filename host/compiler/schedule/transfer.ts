import type { Geometry } from "../geometry.ts";
import type { DramStorage } from "../image/dram-storage.ts";
import type { Part } from "../layout/storage.ts";
import type { Step } from "./step.ts";
import { columnWord, cutAtRings, featureAccess, lineAddress, type Region, type View } from "./view.ts";

/** What a transfer moves: a region of a storage, its place in the feature memory, and the operation it is for. */
export interface Transfer {
  readonly dram: DramStorage;
  readonly view: View;
  readonly region: Region;
  readonly operation: number;
}

type TransferKind = "loadFeatures" | "storeFeatures";

/** Steps that move a region between DRAM and the feature memory, part by part. */
export function transferSteps(kind: TransferKind, geometry: Geometry, transfer: Transfer): readonly Step[] {
  return transfer.dram.storage.parts.flatMap((part, index) => partSteps(kind, geometry, transfer, part, index));
}

/**
 * Steps for what a region covers of a part: one if its lines are consecutive (in a ring at most two), else one a row, or one a line if
 * these are not whole. Channel groups that exist on chip only (to fill whole blocks) are left out.
 */
function partSteps(
  kind: TransferKind,
  geometry: Geometry,
  { dram, view, region, operation }: Transfer,
  part: Part,
  index: number,
): readonly Step[] {
  const { width } = dram.storage;
  const { firstRow, endRow, firstColumn, endColumn } = region;
  const firstGroup = Math.max(region.firstGroup, part.firstGroup);
  const endGroup = Math.min(region.endGroup, part.firstGroup + part.groups);
  const perRow = endGroup - firstGroup;
  if (perRow <= 0) return [];
  const lineBytes = geometry.lineBytes(width);
  const columns = endColumn - firstColumn;
  /** Rows [first, end) of channel groups [from, to). */
  const step = (first: number, end: number, from: number, to: number): Step => {
    const firstLine = first * part.groups + from - part.firstGroup;
    const memoryOffset = dram.partOffsets[index] + firstLine * lineBytes + firstColumn * geometry.lanes;
    const lines = (end - first) * (to - from);
    const command = {
      kind,
      waitLoad: 0,
      waitCompute: 0,
      waitStore: 0,
      memoryOffset,
      lines,
      columns,
      base: lineAddress(view, first, from) + columnWord(geometry, view, firstColumn),
      lineStride: view.groupStride,
      linesPerRow: to - from,
      rowStride: view.rowStride,
      firstBank: (firstColumn - view.firstColumn) % geometry.banks,
    };
    const inDram = {
      space: "dram",
      start: memoryOffset,
      end: memoryOffset + lines * geometry.lineBytes(columns),
    } as const;
    const onChip = featureAccess(view, { firstRow: first, endRow: end, firstGroup: from, endGroup: to });
    const [reads, writes] = kind === "loadFeatures" ? [[inDram], onChip] : [onChip, [inDram]];
    return { command, reads, writes, operation };
  };
  if (columns === width && perRow === part.groups)
    return cutAtRings([view], firstRow, endRow).map(([first, end]) => step(first, end, firstGroup, endGroup));
  const rows = Array.from({ length: endRow - firstRow }, (_, i) => firstRow + i);
  if (columns === width) return rows.map((row) => step(row, row + 1, firstGroup, endGroup));
  const groups = Array.from({ length: perRow }, (_, i) => firstGroup + i);
  return rows.flatMap((row) => groups.map((group) => step(row, row + 1, group, group + 1)));
}
