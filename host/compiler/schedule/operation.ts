import type { TensorView } from "../layout/storage.ts";
import { type Operation, outputScale } from "../lower/operation.ts";
import { type Piece, piecesByWord, piecesOf, wordsPerBlock } from "../lower/pieces.ts";
import type { Placement } from "../place/residency.ts";
import { type Range, rowsRead, type Strip, stripsOf, windowLoaded } from "../place/strip.ts";
import type { Role, Split, StripPlan } from "../place/strips.ts";
import { computeStep, groupsWritten } from "./compute.ts";
import { Constants, differentConstants } from "./constants.ts";
import type { Emitter } from "./emitter.ts";
import type { RowRange } from "./row-cuts.ts";
import { transferSteps } from "./transfer.ts";
import { bufferView, type Region, residentView, type View } from "./view.ts";

/** Parts of the weight and parameter memories that one load fills, so that several are under way at once. */
const PARTS = 8;

/** Writes the steps of one operation in program order: loads as late as they can be (see `hoistLoads`). */
export class OperationSchedule {
  readonly #emitter: Emitter;
  readonly #placement: Placement;
  readonly #operation: Operation;
  readonly #plan: StripPlan;
  readonly #index: number;
  #tableBank = 0;
  /** Strips begun: buffers are used in turn. */
  #turn = 0;

  constructor(emitter: Emitter, placement: Placement, operation: Operation, index: number) {
    this.#emitter = emitter;
    this.#placement = placement;
    this.#operation = operation;
    this.#plan = placement.plans[index];
    this.#index = index;
  }

  /** @throws FitError if the weights of a block exceed the weight memory */
  emit(): void {
    this.#tableBank = this.#emitter.loadTables(this.#operation, this.#index);
    for (const split of this.#plan.splits) this.#emitSplit(split);
  }

  #emitSplit(split: Split): void {
    const { geometry } = this.#emitter;
    const { weightDepth, parameterDepth } = geometry.config;
    const strips = stripsOf(this.#operation, this.#plan.rows, this.#plan.columns);
    const weights = split.segments.reduce((sum, s) => sum + s.blocks * wordsPerBlock(this.#operation, s), 0);
    const parameters = split.blocks * geometry.parameterWordsPerBlock * differentConstants(this.#operation);
    const fits = weights <= weightDepth && parameters <= parameterDepth;
    if (strips.length === 1) {
      this.#stripsOutside(split, strips, this.#pieces(split, Math.floor(weightDepth / PARTS)));
    } else if (fits) {
      this.#stripsOutside(split, strips, this.#pieces(split, weightDepth), weights);
    } else {
      this.#piecesOutside(split, strips, this.#pieces(split, Math.floor(weightDepth / 2)));
    }
  }

  /** Every strip runs all pieces; with several strips all their weights, `resident` words, stay loaded. */
  #stripsOutside(split: Split, strips: readonly Strip[], pieces: readonly Piece[], resident?: number): void {
    const { name } = this.#operation;
    const base = resident === undefined ? undefined : this.#emitter.takeWeights(resident, name);
    const constants = new Constants(this.#emitter, this.#operation, this.#index, split, base);
    const groups = [split.firstGroup, split.endGroup] as const;
    const written = groupsWritten(this.#emitter.geometry, split);
    const cuts = strips.length === 1 ? this.#emitter.rowCuts.cut(this.#operation, pieces.length) : undefined;
    for (const strip of strips) {
      const views = this.#begin(strip, groups, written);
      for (const [index, piece] of pieces.entries()) {
        const ranges = cuts?.[index] ?? [[strip.firstRow, strip.endRow] as const];
        this.#compute(piece, strip, ranges, views, constants);
      }
      this.#finish(strip, written, views.output);
    }
  }

  /**
   * Every piece's weights are loaded once; the strips run again for each. Pieces that fill the same words run together
   * in each strip, so their weights are loaded for every strip.
   */
  #piecesOutside(split: Split, strips: readonly Strip[], pieces: readonly Piece[]): void {
    const newConstants = () => new Constants(this.#emitter, this.#operation, this.#index, split, undefined);
    const shared = newConstants();
    for (const group of piecesByWord(pieces)) {
      const written = groupsWritten(this.#emitter.geometry, group[0]);
      for (const strip of strips) {
        const constants = group.length > 1 ? newConstants() : shared;
        const views = this.#begin(strip, [split.firstGroup, split.endGroup], written);
        for (const piece of group) this.#compute(piece, strip, [[strip.firstRow, strip.endRow]], views, constants);
        this.#finish(strip, written, views.output);
      }
    }
  }

  /**
   * All passes over a piece, in ranges of a strip's rows. Those of a maximum wait for one another: rows are halved, so that
   * one half runs while the other completes.
   */
  #compute(piece: Piece, strip: Strip, ranges: readonly RowRange[], views: Views, constants: Constants): void {
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
      const site = { ...views, ...constant, strip: { ...strip, firstRow, endRow } };
      this.#emitter.steps.push(computeStep(this.#emitter.geometry, this.#operation, piece, pass, site, this.#index));
    }
  }

  #pieces(split: Split, budget: number): readonly Piece[] {
    const { geometry } = this.#emitter;
    const mostBlocks = Math.max(1, Math.floor(geometry.config.parameterDepth / 2 / geometry.parameterWordsPerBlock));
    return split.segments.flatMap((segment) => {
      const limit = mostBlocks * wordsPerBlock(this.#operation, segment);
      return piecesOf(geometry, this.#operation, segment, Math.min(budget, limit));
    });
  }

  /**
   * Views of the storages for a strip, after loading what is not on chip.
   * @param read channel groups of the input
   * @param written channel groups from the first one of the part
   */
  #begin(strip: Strip, [firstGroup, endGroup]: Range, written: Range): Views {
    const { input, residual, output } = this.#operation;
    const [firstRow, endRow] = rowsRead(this.#operation, strip);
    const window = this.#streamed("input")
      ? windowLoaded(this.#emitter.geometry, this.#operation, strip)
      : ([0, input.storage.width] as const);
    const [firstColumn, endColumn] = window;
    const inputRegion = { firstRow, endRow, firstGroup, endGroup, firstColumn, endColumn };
    const addedRegion = regionOf(strip, written, this.#operation.residualGroup);
    const views = {
      input: this.#view("input", input, inputRegion),
      residual: residual === undefined ? undefined : this.#view("residual", residual, addedRegion),
      output: this.#view("output", output, this.#outputRegion(strip, written)),
      window,
    };
    if (this.#streamed("input") && endRow > firstRow && endColumn > firstColumn)
      this.#transfer("loadFeatures", input, views.input, inputRegion);
    if (views.residual !== undefined && residual !== undefined && this.#streamed("residual"))
      this.#transfer("loadFeatures", residual, views.residual, addedRegion);
    this.#turn++;
    return views;
  }

  #finish(strip: Strip, written: Range, view: View): void {
    if (!this.#streamed("output")) return;
    this.#transfer("storeFeatures", this.#operation.output, view, this.#outputRegion(strip, written));
  }

  #outputRegion(strip: Strip, written: Range): Region {
    return regionOf(strip, written, this.#operation.part.firstGroup, outputScale(this.#operation));
  }

  #streamed(role: Role): boolean {
    return this.#plan.buffers[role] !== undefined;
  }

  #view(role: Role, { storage }: TensorView, region: Region): View {
    const buffers = this.#plan.buffers[role];
    if (buffers !== undefined) {
      const scale = role === "output" ? outputScale(this.#operation) : 1;
      return bufferView(this.#emitter.geometry, storage, buffers[this.#turn % buffers.length], region, scale);
    }
    const base = this.#placement.resident.get(storage.name);
    if (base === undefined)
      throw new Error(`storage '${storage.name}' of ${this.#operation.name} has no place on chip`);
    return residentView(storage, base);
  }

  #transfer(kind: "loadFeatures" | "storeFeatures", { storage }: TensorView, view: View, region: Region): void {
    const { geometry, steps } = this.#emitter;
    const dram = this.#emitter.dram.get(storage);
    if (dram === undefined) throw new Error(`storage '${storage.name}' has no place in DRAM`);
    steps.push(...transferSteps(kind, geometry, { dram, view, region, operation: this.#index }));
  }
}

interface Views {
  readonly input: View;
  readonly residual: View | undefined;
  readonly output: View;
  /** Columns of the input that are on chip. */
  readonly window: Range;
}

function halves([first, end]: RowRange): readonly RowRange[] {
  const middle = (first + end) >> 1;
  return [
    [first, middle],
    [middle, end],
  ];
}

/** Pixels of a strip, each `scale` wide and high, and channel groups counted from `start`. */
function regionOf(strip: Strip, [firstGroup, endGroup]: Range, start: number, scale = 1): Region {
  return {
    firstRow: scale * strip.firstRow,
    endRow: scale * strip.endRow,
    firstColumn: scale * strip.firstColumn,
    endColumn: scale * strip.endColumn,
    firstGroup: start + firstGroup,
    endGroup: start + endGroup,
  };
}
