import type { DramStorage } from "../image/dram-storage.ts";
import type { Part } from "../layout/storage.ts";
import type { Emitter } from "./emitter.ts";
import { transferSteps } from "./transfer.ts";
import { residentView } from "./view.ts";

/** Beats that one command moves at least, but for what is left. */
const FEWEST_BEATS = 256;
/** Of a single row, the part of its channel groups that one command moves at least. */
const PARTS = 8;

/**
 * Moves a part of a storage that stays on chip between there and DRAM bit by bit, as computations need or have made it:
 * by rows, or a single row by its channel groups.
 */
export class RowTransfer {
  readonly #emitter: Emitter;
  readonly #kind: "loadFeatures" | "storeFeatures";
  readonly #dram: DramStorage;
  readonly #base: number;
  readonly #part: Part;
  readonly #operation: number;
  #rows = 0;
  #groups = 0;

  /**
   * @param base word address of the storage
   * @param operation index of the operation that the commands belong to
   */
  constructor(
    emitter: Emitter,
    kind: "loadFeatures" | "storeFeatures",
    dram: DramStorage,
    base: number,
    part: Part,
    operation: number,
  ) {
    this.#emitter = emitter;
    this.#kind = kind;
    this.#dram = dram;
    this.#base = base;
    this.#part = part;
    this.#operation = operation;
  }

  /** Beats of a row. */
  get rowBeats(): number {
    const { geometry } = this.#emitter;
    return (this.#part.groups * geometry.lineBytes(this.#dram.storage.width)) / geometry.beatBytes;
  }

  /** Rows that one command moves where many are due. */
  get rowsAtOnce(): number {
    return Math.ceil(FEWEST_BEATS / this.rowBeats);
  }

  /** Rows [0, end) are due: moves those that have not been. */
  rows(end: number): void {
    while (this.#rows < end) {
      const next = Math.min(end, this.#rows + this.rowsAtOnce);
      this.#move(this.#rows, next, this.#groups, this.#part.groups);
      this.#rows = next;
      this.#groups = 0;
    }
  }

  /** Channel groups [0, end) of the part are due: of a single row, moves those that have not been. */
  groups(end: number): void {
    const { groups } = this.#part;
    if (this.#dram.storage.height > 1 || this.#rows > 0) return;
    if (end >= groups || end - this.#groups < groups / PARTS) return;
    this.#move(0, 1, this.#groups, end);
    this.#groups = end;
  }

  #move(firstRow: number, endRow: number, firstGroup: number, endGroup: number): void {
    const { geometry, steps } = this.#emitter;
    const { storage } = this.#dram;
    const start = this.#part.firstGroup;
    const region = {
      firstRow,
      endRow,
      firstGroup: start + firstGroup,
      endGroup: start + endGroup,
      firstColumn: 0,
      endColumn: storage.width,
    };
    const view = residentView(storage, this.#base);
    const transfer = { dram: this.#dram, view, region, operation: this.#operation };
    steps.push(...transferSteps(this.#kind, geometry, transfer));
  }
}
