import type { Geometry } from "../geometry.ts";
import type { DramStorage } from "../image/dram-storage.ts";
import type { Part } from "../layout/storage.ts";
import type { Step } from "./step.ts";
import { featureAccess, lineAddress, type Region, type View } from "./view.ts";

/** What a transfer moves: storage, its place in the feature memory, rows and channel groups, and the operation it is for. */
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
 * Steps for what a region covers of a part: one if its lines are consecutive in DRAM, else one a row. Channel groups that
 * exist on chip only (to fill whole blocks) are left out.
 */
function partSteps(
  kind: TransferKind,
  geometry: Geometry,
  { dram, view, region, operation }: Transfer,
  part: Part,
  index: number,
): readonly Step[] {
  const { width } = dram.storage;
  const { firstRow, endRow } = region;
  const firstGroup = Math.max(region.firstGroup, part.firstGroup);
  const endGroup = Math.min(region.endGroup, part.firstGroup + part.groups);
  const perRow = endGroup - firstGroup;
  if (perRow <= 0) return [];
  const lineBytes = geometry.lineBytes(width);
  const step = (first: number, end: number): Step => {
    const firstLine = first * part.groups + firstGroup - part.firstGroup;
    const memoryOffset = dram.partOffsets[index] + firstLine * lineBytes;
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
    const inDram = { space: "dram", start: memoryOffset, end: memoryOffset + lines * lineBytes } as const;
    const onChip = featureAccess(view, { firstRow: first, endRow: end, firstGroup, endGroup });
    const [reads, writes] = kind === "loadFeatures" ? [[inDram], [onChip]] : [[onChip], [inDram]];
    return { command, reads, writes, operation };
  };
  if (perRow === part.groups) return [step(firstRow, endRow)];
  return Array.from({ length: endRow - firstRow }, (_, row) => step(firstRow + row, firstRow + row + 1));
}
