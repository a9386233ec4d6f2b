import type { FeatureShape } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { Access } from "./step.ts";

/** Where rows and channel groups of a tensor lie in the feature memory. */
export interface View {
  /** Word of row `firstRow`, channel group `firstGroup`. */
  readonly base: number;
  readonly rowStride: number;
  readonly groupStride: number;
  readonly firstRow: number;
  readonly firstGroup: number;
}

/** Rows [firstRow, endRow) and channel groups [firstGroup, endGroup) of a tensor. */
export interface Region {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstGroup: number;
  readonly endGroup: number;
}

/** A whole tensor at `base`. */
export function residentView(geometry: Geometry, shape: FeatureShape, base: number): View {
  const groupStride = geometry.lineWords(shape.width);
  const rowStride = geometry.chipChannelGroups(shape.channels) * groupStride;
  return { base, rowStride, groupStride, firstRow: 0, firstGroup: 0 };
}

/** A region alone at `base`. */
export function bufferView(geometry: Geometry, width: number, base: number, region: Region): View {
  const groupStride = geometry.lineWords(width);
  const rowStride = (region.endGroup - region.firstGroup) * groupStride;
  return { base, rowStride, groupStride, firstRow: region.firstRow, firstGroup: region.firstGroup };
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
