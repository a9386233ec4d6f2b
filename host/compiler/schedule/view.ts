import type { Geometry } from "../geometry.ts";
import { type Storage, windowPitch } from "../layout/storage.ts";
import type { Access } from "./step.ts";

/** Where rows, channel groups and columns of a storage lie in the feature memory. */
export interface View {
  /** Word of row `firstRow`, channel group `firstGroup`, column `firstColumn`, which is in bank 0. */
  readonly base: number;
  readonly rowStride: number;
  readonly groupStride: number;
  readonly firstRow: number;
  readonly firstGroup: number;
  readonly firstColumn: number;
}

/** Rows [firstRow, endRow), channel groups [firstGroup, endGroup) and columns [firstColumn, endColumn) of a storage. */
export interface Region {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstGroup: number;
  readonly endGroup: number;
  readonly firstColumn: number;
  readonly endColumn: number;
}

/** A whole storage at `base`. */
export function residentView({ pitch, groups }: Storage, base: number): View {
  return { base, rowStride: groups * pitch, groupStride: pitch, firstRow: 0, firstGroup: 0, firstColumn: 0 };
}

/** A region of a storage alone at `base`. @param scale columns that the drain makes of each that is computed */
export function bufferView(geometry: Geometry, storage: Storage, base: number, region: Region, scale: number): View {
  const { firstRow, firstGroup, endGroup, firstColumn, endColumn } = region;
  const pitch = windowPitch(geometry, storage, (endColumn - firstColumn) / scale, scale);
  return { base, rowStride: (endGroup - firstGroup) * pitch, groupStride: pitch, firstRow, firstGroup, firstColumn };
}

/** Word of a line's first column; negative for rows before the view's. */
export function lineAddress(view: View, row: number, group: number): number {
  return view.base + (row - view.firstRow) * view.rowStride + (group - view.firstGroup) * view.groupStride;
}

/** Words by which a column lies behind the line's first one; the bank aside. */
export function columnWord({ banks }: Geometry, { firstColumn }: View, column: number): number {
  return Math.floor((column - firstColumn) / banks);
}

/** The words that a region's lines take, each as a whole, and those between the lines. */
export function featureAccess(view: View, region: Omit<Region, "firstColumn" | "endColumn">): Access {
  return {
    space: "feature",
    start: lineAddress(view, region.firstRow, region.firstGroup),
    end: lineAddress(view, region.endRow - 1, region.endGroup - 1) + view.groupStride,
  };
}
