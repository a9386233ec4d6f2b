import type { Geometry } from "../geometry.ts";
import { type Storage, windowPitch } from "../layout/storage.ts";
import type { Range } from "../place/strip.ts";
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
  /** Rows that it holds, if row r lies where row r - ringRows did; `firstRow` is a multiple of it. */
  readonly ringRows?: number;
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

/** A storage whose rows pass through a ring of `rows` rows at `base`. */
export function ringView(storage: Storage, base: number, rows: number): View {
  const view = residentView(storage, base);
  return rows < storage.height ? { ...view, ringRows: rows } : view;
}

/** Word of a line's first column; negative for rows before the view's, but for a ring's. */
export function lineAddress(view: View, row: number, group: number): number {
  const { ringRows } = view;
  const place =
    ringRows === undefined ? row - view.firstRow : (((row - view.firstRow) % ringRows) + ringRows) % ringRows;
  return view.base + place * view.rowStride + (group - view.firstGroup) * view.groupStride;
}

/** Cuts rows [first, end) where one of some rings begins anew. */
export function cutAtRings(views: readonly (View | undefined)[], first: number, end: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let row = first; row < end; ) {
    const room = views.map((view) => {
      const rows = view?.ringRows ?? Number.POSITIVE_INFINITY;
      return rows === Number.POSITIVE_INFINITY ? rows : rows - (row % rows);
    });
    const next = Math.min(end, row + Math.min(...room));
    ranges.push([row, next]);
    row = next;
  }
  return ranges;
}

/** Words by which a column lies behind the line's first one; the bank aside. */
export function columnWord({ banks }: Geometry, { firstColumn }: View, column: number): number {
  return Math.floor((column - firstColumn) / banks);
}

/** The words that a region's lines take, each as a whole, and those between the lines; in a ring in up to two ranges. */
export function featureAccess(view: View, region: Lines): readonly Access[] {
  return cutAtRings([view], region.firstRow, region.endRow).map((rows) => rowsAccess(view, region, rows));
}

/** The words that a region's lines take, each as a whole, without those between rows. */
export function exactAccess(view: View, region: Lines): readonly Access[] {
  const { firstRow, endRow } = region;
  return Array.from({ length: endRow - firstRow }, (_, i) =>
    rowsAccess(view, region, [firstRow + i, firstRow + i + 1]),
  );
}

type Lines = Omit<Region, "firstColumn" | "endColumn">;

function rowsAccess(view: View, { firstGroup, endGroup }: Lines, [first, end]: Range): Access {
  const start = lineAddress(view, first, firstGroup);
  return { space: "feature", start, end: lineAddress(view, end - 1, endGroup - 1) + view.groupStride };
}
