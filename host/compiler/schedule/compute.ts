import type { ComputeCommand } from "../../isa/index.ts";
import type { Geometry } from "../geometry.ts";
import { type Operation, outputScale, type Pass } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import { rowsRead, type Strip } from "../place/strip.ts";
import { columnOrigin } from "./column-origin.ts";
import type { Access, Step } from "./step.ts";
import { columnWord, exactAccess, featureAccess, lineAddress, type View } from "./view.ts";

/** Where a computation finds and puts everything. */
export interface ComputeSite {
  readonly input: View;
  readonly residual: View | undefined;
  readonly output: View;
  readonly weightBase: number;
  /** Parameter word of the piece's first block. */
  readonly parameterBase: number;
  readonly tableBank: number;
  /** Output pixels. */
  readonly strip: Strip;
  /** Input columns [first, end) that the view has; those beyond are never read. */
  readonly window: readonly [number, number];
}

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

/** Channel groups [first, end) that blocks write, counted from the first one of their part. */
export function groupsWritten(
  { blockChannels, lanes }: Geometry,
  { firstBlock, blocks }: { readonly firstBlock: number; readonly blocks: number },
): readonly [number, number] {
  const first = (firstBlock * blockChannels) / lanes;
  return [first, first + Math.ceil((blocks * blockChannels) / lanes)];
}

/** The command of a pass that computes a piece's output channels for some output rows. */
export function computeStep(
  geometry: Geometry,
  operation: Operation,
  piece: Piece,
  pass: Pass,
  site: ComputeSite,
  index: number,
): Step {
  const { stride, padding, tables } = operation;
  const { kernel, tap } = pass;
  const scale = outputScale(operation);
  const { input, residual, output } = site;
  const { firstRow, endRow, firstColumn, endColumn } = site.strip;
  const iy0 = firstRow * stride - padding.top + tap.y;
  const column = firstColumn * stride - padding.left + tap.x;
  const columns = columnOrigin(geometry.banks, column, site.window, input.firstColumn);
  const [firstGroup, endGroup] = groupsWritten(geometry, piece);
  const regionFrom = (start: number) => ({
    firstRow: firstRow * scale,
    endRow: endRow * scale,
    firstGroup: start + firstGroup,
    endGroup: start + endGroup,
  });
  const start = (view: View, region: { readonly firstRow: number; readonly firstGroup: number }): number =>
    lineAddress(view, region.firstRow, region.firstGroup) + columnWord(geometry, view, firstColumn * scale);
  const written = regionFrom(operation.part.firstGroup);
  const added = regionFrom(operation.residualGroup);
  const outBase = start(output, written) + pass.half * output.rowStride;
  // A maximum is with the output itself; tables without a residual add nothing, but that word is read all the same.
  const beside = residual ?? output;
  const command: ComputeCommand = {
    kind: "compute",
    waitLoad: 0,
    waitCompute: 0,
    waitStore: 0,
    stride2: stride === 2 ? 1 : 0,
    residual: residual !== undefined || tables !== undefined || pass.max ? 1 : 0,
    weightHold: operation.weightHold ? 1 : 0,
    tableBank: site.tableBank,
    max: pass.max || pass.columns ? 1 : 0,
    upsample: scale - 1,
    accumulate: 0,
    partial: 0,
    inBase: modulo(lineAddress(input, iy0, piece.firstGroup) + columns.words, 2 ** 16),
    inRowStride: input.rowStride,
    inCgStride: input.groupStride,
    inGroupStride: piece.groupStep * input.groupStride,
    ringEnd: input.ringRows === undefined ? 0 : input.base + input.ringRows * input.rowStride,
    ringSize: (input.ringRows ?? 0) * input.rowStride,
    inWidth: columns.width,
    inHeight: operation.inputShape.height,
    iy0,
    ix0: columns.ix0,
    rot0: modulo(columns.ix0, geometry.banks),
    q0: Math.floor(columns.ix0 / geometry.banks),
    kernelWidth: kernel.width,
    kernelHeight: kernel.height,
    channelGroups: piece.channelGroups,
    blocks: piece.blocks,
    rows: endRow - firstRow,
    tiles: geometry.lineWords(endColumn - firstColumn),
    blocksPerGroup: piece.blocksPerGroup,
    xZero: pass.xZero,
    weightBase: site.weightBase,
    weightBlockStride: piece.blockWords,
    parameterBase: site.parameterBase,
    residualBase: residual === undefined ? outBase : start(residual, added),
    outBase,
    outRowStride: output.rowStride * scale,
    outCgStride: output.groupStride,
    residualRowStride: beside.rowStride,
    residualCgStride: beside.groupStride,
    z1: pass.z1,
    z2: tables?.z2 ?? 0,
    lo1: operation.bounds.lo,
    hi1: operation.bounds.hi,
    lo2: tables?.lo2 ?? -128,
    hi2: tables?.hi2 ?? 127,
  };
  const reads: Access[] = [
    { space: "weight", start: site.weightBase, end: site.weightBase + piece.words },
    {
      space: "parameter",
      start: site.parameterBase,
      end: site.parameterBase + piece.blocks * geometry.parameterWordsPerBlock,
    },
    ...inputAccess(operation, piece, pass, site),
  ];
  if (tables !== undefined) reads.push({ space: "table", start: site.tableBank, end: site.tableBank + 1 });
  if (pass.max) reads.push(...featureAccess(output, written));
  // Where an addition overwrites what it adds, other blocks' words of the same rows are not this one's.
  const access = residual?.base === output.base ? exactAccess : featureAccess;
  if (residual !== undefined) reads.push(...access(residual, added));
  return { command, reads, writes: access(output, written), operation: index };
}

/** Input that is read; none where a strip sees padding only. */
function inputAccess(operation: Operation, piece: Piece, pass: Pass, site: ComputeSite): readonly Access[] {
  const [firstRow, endRow] = rowsRead(operation, site.strip, pass);
  if (endRow === firstRow) return [];
  const steps = Math.floor((piece.blocks - 1) / piece.blocksPerGroup);
  const endGroup = piece.firstGroup + steps * piece.groupStep + piece.channelGroups;
  return featureAccess(site.input, { firstRow, endRow, firstGroup: piece.firstGroup, endGroup });
}
