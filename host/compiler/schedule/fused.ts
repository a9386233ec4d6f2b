import type { FusedUnit } from "../fuse/fused-unit.ts";
import { parameterWords, weightWords } from "../fuse/plan-fused.ts";
import type { Part, Storage } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { type Piece, piecesOf } from "../lower/pieces.ts";
import type { Placement } from "../place/residency.ts";
import { rolesOf } from "../place/roles.ts";
import type { Range } from "../place/strip.ts";
import { splitsOf } from "../place/strips.ts";
import { computeStep } from "./compute.ts";
import { Constants } from "./constants.ts";
import type { Emitter } from "./emitter.ts";
import type { RowTransfer } from "./row-transfer.ts";
import { transferSteps } from "./transfer.ts";
import { cutAtRings, residentView, ringView, type View } from "./view.ts";

/** An operation of a fused unit with its constants, which stay on chip. */
interface FusedOperation {
  readonly operation: Operation;
  /** Its index among the network's operations. */
  readonly index: number;
  readonly pieces: readonly Piece[];
  readonly constants: Constants;
  tableBank: number | undefined;
}

/** Writes the steps of operations that are interleaved by rows (see `scheduleRows`). */
export class FusedSchedule {
  readonly #emitter: Emitter;
  readonly #unit: FusedUnit;
  readonly #views: ReadonlyMap<Storage, View>;
  readonly #operations: readonly FusedOperation[];
  readonly #wanted: ReadonlySet<Part>;
  readonly #leaving: readonly (RowTransfer | undefined)[];

  /**
   * @param wanted parts to be stored
   * @param leaving by operation: moves out what of its output stays on chip and is to be stored as well
   * @throws FitError if constants do not fit on chip
   */
  constructor(
    emitter: Emitter,
    placement: Placement,
    fused: FusedUnit,
    wanted: ReadonlySet<Part>,
    leaving: readonly (RowTransfer | undefined)[],
  ) {
    this.#emitter = emitter;
    this.#unit = fused;
    this.#wanted = wanted;
    this.#leaving = leaving;
    const rings = [...fused.bases].map(([storage, base]): [Storage, View] => {
      return [storage, ringView(storage, base, fused.rings.get(storage) ?? 1)];
    });
    this.#views = new Map([...residentViews(placement, fused.unit.operations), ...rings]);
    this.#operations = this.#withConstants();
  }

  emit(): void {
    const { steps, made, rings, loaded, passing } = this.#unit;
    for (let step = 0; step < steps; step++) {
      // Before rows that are not needed yet: what operations need that begin in the next step.
      for (const [at, entry] of this.#operations.entries())
        if (made[at][step] === 0 && made[at][step + 1] > 0) this.#loadConstants(entry);
      for (const [storage, counts] of loaded) {
        for (const rows of startingRange(rowsOf(counts, step)))
          this.#transferRows("loadFeatures", storage, [0, storage.groups], rows, this.#reader(storage));
      }
      for (const [at, entry] of [...this.#operations.entries()].reverse()) {
        const rows = rowsOf(made[at], step);
        for (const range of startingRange(rows)) this.#compute(entry, range);
        const { output, part } = entry.operation;
        if (passing.has(output.storage) || (rings.has(output.storage) && this.#wanted.has(part)))
          this.#transferRows("storeFeatures", output.storage, groupsOf(part), rows, entry.index);
        this.#leaving[at]?.rows(rows[1]);
      }
    }
  }

  /** All weights and parameters have a place of their own for as long as the unit runs. */
  #withConstants(): readonly FusedOperation[] {
    const { geometry } = this.#emitter;
    const { first, operations } = this.#unit.unit;
    const sum = (words: (operation: Operation) => number): number => operations.reduce((all, op) => all + words(op), 0);
    this.#emitter.keepTogether(
      sum((operation) => weightWords(geometry, operation)),
      sum((operation) => parameterWords(geometry, operation)),
    );
    return operations.map((operation, at): FusedOperation => {
      const [{ segments }] = splitsOf(geometry, operation, 1);
      const pieces = segments.flatMap((segment) => piecesOf(geometry, operation, segment, geometry.config.weightDepth));
      const constants = new Constants(this.#emitter, operation, first + at, pieces, true);
      return { operation, index: first + at, pieces, constants, tableBank: undefined };
    });
  }

  /** Loads all constants of an operation unless they are there. @returns its table bank */
  #loadConstants(entry: FusedOperation): number {
    const { operation, index, pieces, constants } = entry;
    const [pass] = operation.passes;
    for (const piece of pieces) constants.ready(piece, pass);
    entry.tableBank ??= this.#emitter.loadTables(operation, index);
    return entry.tableBank;
  }

  #compute(entry: FusedOperation, [first, end]: Range): void {
    if (first >= end) return;
    const { operation, index, pieces, constants } = entry;
    const { input, residual, output, passes, outputShape } = operation;
    const [pass] = passes;
    const tableBank = this.#loadConstants(entry);
    const views = {
      input: this.#view(input.storage),
      residual: residual === undefined ? undefined : this.#view(residual.storage),
      output: this.#view(output.storage),
    };
    for (const [firstRow, endRow] of cutAtRings([views.output, views.residual], first, end)) {
      const strip = { firstRow, endRow, firstColumn: 0, endColumn: outputShape.width };
      const window = [0, input.storage.width] as const;
      for (const piece of pieces) {
        const site = { ...views, ...constants.ready(piece, pass), tableBank, strip, window };
        this.#emitter.steps.push(computeStep(this.#emitter.geometry, operation, piece, pass, site, index));
      }
    }
  }

  #transferRows(
    kind: "loadFeatures" | "storeFeatures",
    storage: Storage,
    [firstGroup, endGroup]: Range,
    [firstRow, endRow]: Range,
    operation: number,
  ): void {
    if (firstRow >= endRow) return;
    const { geometry, dram, steps } = this.#emitter;
    const place = dram.get(storage);
    if (place === undefined) throw new Error(`storage '${storage.name}' has no place in DRAM`);
    const region = { firstRow, endRow, firstGroup, endGroup, firstColumn: 0, endColumn: storage.width };
    steps.push(...transferSteps(kind, geometry, { dram: place, view: this.#view(storage), region, operation }));
  }

  /** Index of the first operation that reads a storage. */
  #reader(storage: Storage): number {
    const reader = this.#operations.find(({ operation: { input, residual } }) =>
      [input, residual].some((view) => view?.storage === storage),
    );
    return reader?.index ?? this.#unit.unit.first;
  }

  #view(storage: Storage): View {
    const view = this.#views.get(storage);
    if (view === undefined) throw new Error(`storage '${storage.name}' has no place on chip`);
    return view;
  }
}

const groupsOf = ({ firstGroup, groups }: Part): Range => [firstGroup, firstGroup + groups];

/** Rows that a step adds to those there before it. */
function rowsOf(counts: readonly number[], step: number): Range {
  return [step === 0 ? 0 : counts[step - 1], counts[step]];
}

/** Single rows of the first ones, so that the first computations need not wait for more; others together. */
function startingRange([first, end]: Range): readonly Range[] {
  if (first > 0) return [[first, end]];
  return Array.from({ length: end }, (_, row): Range => [row, row + 1]);
}

/** Views of the storages of operations that stay on chip as a whole. */
function residentViews(
  { resident }: Placement,
  operations: readonly Operation[],
): readonly (readonly [Storage, View])[] {
  const storages = new Set(operations.flatMap((operation) => rolesOf(operation).map(([, { storage }]) => storage)));
  return [...storages].flatMap((storage): (readonly [Storage, View])[] => {
    const base = resident.get(storage.name);
    return base === undefined ? [] : [[storage, residentView(storage, base)]];
  });
}
