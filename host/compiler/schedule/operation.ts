import type { Geometry } from "../geometry.ts";
import { type Operation, outputScale } from "../lower/operation.ts";
import { type Piece, piecesOf, type Room, wordsPerBlock } from "../lower/pieces.ts";
import type { Placement } from "../place/residency.ts";
import { rowsRead, type Strip, stripsOf } from "../place/strip.ts";
import type { Split, StripPlan } from "../place/strips.ts";
import { type Boundary, boundaryStrips } from "./boundary.ts";
import { Buffers, type Site } from "./buffers.ts";
import { ChainSchedule } from "./chain.ts";
import { computeStep, groupsWritten } from "./compute.ts";
import { Constants, differentConstants } from "./constants.ts";
import type { Emitter } from "./emitter.ts";
import { boundaryRoom, laterLargeRoom } from "./rooms.ts";
import type { RowRange } from "./row-cuts.ts";

/** Parts of the weight memory that one load fills where weights pass through: what is used up makes room bit by bit. */
const PARTS = 32;
/** Such parts are no fewer, and take no fewer beats than this unless that is what they are: commands take time too. */
const FEWEST_PARTS = 8;
const FEWEST_BEATS = 256;

/** Writes the steps of one operation in program order: loads where they are first needed (see `orderSteps`). */
export class OperationSchedule {
  readonly #emitter: Emitter;
  readonly #buffers: Buffers;
  readonly #operation: Operation;
  readonly #plan: StripPlan;
  readonly #index: number;
  readonly #boundary: Boundary;
  #tableBank = 0;

  constructor(emitter: Emitter, placement: Placement, operation: Operation, index: number, boundary: Boundary) {
    this.#emitter = emitter;
    this.#boundary = boundary;
    this.#buffers = new Buffers(emitter, placement, operation, index);
    this.#operation = operation;
    this.#plan = placement.plans[index];
    this.#index = index;
  }

  /** @throws FitError if the weights of a block exceed the weight memory */
  emit(): void {
    this.#tableBank = this.#emitter.loadTables(this.#operation, this.#index);
    const { chain, splits } = this.#plan;
    if (chain !== undefined) {
      this.#boundary.arriving?.rows(this.#operation.inputShape.height);
      const plan = { ...this.#plan, chain };
      const schedule = new ChainSchedule(
        this.#emitter,
        this.#operation,
        plan,
        this.#buffers,
        this.#index,
        this.#tableBank,
      );
      for (const split of splits) schedule.emit(split);
    } else for (const split of splits) this.#emitSplit(split);
  }

  #emitSplit(split: Split): void {
    const { geometry } = this.#emitter;
    const { weightDepth, parameterDepth } = geometry.config;
    const strips = stripsOf(this.#operation, this.#plan.rows, this.#plan.columns);
    const weights = split.segments.reduce((sum, s) => sum + s.blocks * wordsPerBlock(this.#operation, s), 0);
    const parameters = split.blocks * geometry.parameterWordsPerBlock * differentConstants(this.#operation);
    const fits = weights <= weightDepth && parameters <= parameterDepth;
    if (strips.length === 1 && this.#boundary.outermost && fits) {
      const budget = fewestWords(geometry);
      const pieces = this.#pieces(split, budget, boundaryRoom(Math.min(weights, 4 * budget)));
      this.#stripsOutside(split, boundaryStrips(geometry, this.#operation, pieces, this.#boundary), pieces, true);
    } else if (strips.length === 1) {
      this.#stripsOutside(split, strips, this.#passingPieces(split, weights), false);
    } else if (fits) {
      this.#stripsOutside(split, strips, this.#pieces(split, weightDepth), true);
    } else {
      this.#piecesOutside(split, strips, this.#pieces(split, Math.floor(weightDepth / 2)));
    }
  }

  /** Every strip runs all pieces. @param resident whether their weights stay loaded, as they must for several strips */
  #stripsOutside(split: Split, strips: readonly Strip[], pieces: readonly Piece[], resident: boolean): void {
    const constants = new Constants(this.#emitter, this.#operation, this.#index, pieces, resident);
    const groups = [split.firstGroup, split.endGroup] as const;
    const written = groupsWritten(this.#emitter.geometry, split);
    const { rowCuts } = this.#emitter;
    const { arriving } = this.#boundary;
    const whole = this.#plan.splits.length === 1 && this.#plan.columns === this.#operation.outputShape.width;
    const leaving = whole ? this.#boundary.leaving : undefined;
    if (arriving !== undefined) rowCuts.arriving(this.#operation.input.tensor, arriving.rowsAtOnce);
    const cuts = resident ? undefined : rowCuts.cut(this.#operation, pieces.length);
    for (const strip of strips) {
      const site = this.#buffers.begin(strip, groups, written);
      arriving?.rows(rowsRead(this.#operation, strip)[1]);
      for (const [index, piece] of pieces.entries()) {
        const ranges = cuts?.[index] ?? [[strip.firstRow, strip.endRow] as const];
        this.#compute(piece, strip, ranges, site, constants);
        leaving?.groups(groupsWritten(this.#emitter.geometry, piece)[1]);
      }
      this.#buffers.finish(strip, written, site.output);
      leaving?.rows(strip.endRow * outputScale(this.#operation));
    }
    if (resident && whole) rowCuts.early(this.#operation, strips[strips.length - 1].firstRow);
  }

  /** Every piece's weights are loaded once; the strips run again for each. */
  #piecesOutside(split: Split, strips: readonly Strip[], pieces: readonly Piece[]): void {
    const constants = new Constants(this.#emitter, this.#operation, this.#index, pieces, false);
    this.#boundary.arriving?.rows(this.#operation.inputShape.height);
    for (const piece of pieces) {
      const written = groupsWritten(this.#emitter.geometry, piece);
      for (const strip of strips) {
        const site = this.#buffers.begin(strip, [split.firstGroup, split.endGroup], written);
        this.#compute(piece, strip, [[strip.firstRow, strip.endRow]], site, constants);
        this.#buffers.finish(strip, written, site.output);
      }
    }
  }

  /**
   * All passes over a piece, in ranges of a strip's rows. Those of a maximum wait for one another: rows are halved, so that
   * one half runs while the other completes.
   */
  #compute(piece: Piece, strip: Strip, ranges: readonly RowRange[], site: Site, constants: Constants): void {
    const { passes, drain } = this.#operation;
    const alternating = ranges.length === 1 ? halves(ranges[0]) : ranges;
    const runs =
      drain === "max"
        ? passes.flatMap((pass) => alternating.map((rows) => ({ pass, rows })))
        : ranges.flatMap((rows) => passes.map((pass) => ({ pass, rows })));
    for (const { pass, rows } of runs) {
      const firstRow = Math.max(rows[0], pass.rows[0]);
      const endRow = Math.min(rows[1], pass.rows[1]);
      if (firstRow >= endRow) continue;
      const constant = { ...constants.ready(piece, pass), tableBank: this.#tableBank };
      const whole = { ...site, ...constant, strip: { ...strip, firstRow, endRow } };
      this.#emitter.steps.push(computeStep(this.#emitter.geometry, this.#operation, piece, pass, whole, this.#index));
    }
  }

  /** Pieces whose `words` weights pass through their memory once. */
  #passingPieces(split: Split, words: number): readonly Piece[] {
    const { geometry } = this.#emitter;
    const { weightDepth } = geometry.config;
    const { height, width } = this.#operation.outputShape;
    const [small, large] = [passingWords(geometry), Math.floor(weightDepth / FEWEST_PARTS)];
    const ring = this.#emitter.weightRing();
    const uses = height * geometry.lineWords(width);
    if (uses * geometry.beatBytes >= geometry.weightWordBytes) return this.#pieces(split, small, ring);
    return this.#pieces(split, large, laterLargeRoom(ring, weightDepth, words, small));
  }

  /** @param room where their weights go, if they pass through it one after another */
  #pieces(split: Split, budget: number, room?: Room): readonly Piece[] {
    const { geometry } = this.#emitter;
    const parts = room === undefined ? 2 : FEWEST_PARTS;
    const mostBlocks = Math.max(
      1,
      Math.floor(geometry.config.parameterDepth / parts / geometry.parameterWordsPerBlock),
    );
    return split.segments.flatMap((segment) => {
      const limit = mostBlocks * wordsPerBlock(this.#operation, segment);
      return piecesOf(geometry, this.#operation, segment, Math.min(budget, limit), room);
    });
  }
}

function halves([first, end]: RowRange): readonly RowRange[] {
  const middle = (first + end) >> 1;
  return [
    [first, middle],
    [middle, end],
  ];
}

/** Weight words of a piece where weights pass through their memory once. */
function passingWords(geometry: Geometry): number {
  const { weightDepth } = geometry.config;
  return Math.floor(Math.min(weightDepth / FEWEST_PARTS, Math.max(weightDepth / PARTS, fewestWords(geometry))));
}

/** Weight words that one command loads at least. */
function fewestWords({ weightWordBytes, beatBytes }: Geometry): number {
  return (FEWEST_BEATS * beatBytes) / weightWordBytes;
}
