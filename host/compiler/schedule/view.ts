import type { Storage } from "../layout/storage.ts";
import type { Access } from "./step.ts";

/** Where rows and channel groups of a storage lie in the feature memory. */
export interface View {
  /** Word of row `firstRow`, channel group `firstGroup`. */
  readonly base: number;
  readonly rowStride: number;
  readonly groupStride: number;
  readonly firstRow: number;
  readonly firstGroup: number;
}

/** Rows [firstRow, endRow) and channel groups [firstGroup, endGroup) of a storage. */
export interface Region {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstGroup: number;
  readonly endGroup: number;
}

/** A whole storage at `base`. */
export function residentView({ pitch, groups }: Storage, base: number): View {
  return { base, rowStride: groups * pitch, groupStride: pitch, firstRow: 0, firstGroup: 0 };
}

/** A region alone at `base`. */
export function bufferView({ pitch }: Storage, base: number, { firstRow, firstGroup, endGroup }: Region): View {
  return { base, rowStride: (endGroup - firstGroup) * pitch, groupStride: pitch, firstRow, firstGroup };
}

/** Word of a line; negative for rows before the view's. */
export function lineAddress(view: View, row: number, group: number): number {
  return view.base + (row - view.firstRow) * view.rowStride + (group - view.firstGroup) * view.groupStride;
}

/** The words that a region takes, and those between its lines. */
export function featureAccess(view: View, region: Region): Access {
  return {
    space: "feature",
    start: lineAddress(view, region.firstRow, region.firstGroup),
    end: lineAddress(view, region.endRow - 1, region.endGroup - 1) + view.groupStride,
  };
}
