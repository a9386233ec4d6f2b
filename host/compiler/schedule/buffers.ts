import type { TensorView } from "../layout/storage.ts";
import { type Operation, outputScale } from "../lower/operation.ts";
import type { Placement } from "../place/residency.ts";
import { type Range, rowsRead, type Strip, windowLoaded } from "../place/strip.ts";
import type { Role } from "../place/strips.ts";
import type { Emitter } from "./emitter.ts";
import { transferSteps } from "./transfer.ts";
import { bufferView, type Region, residentView, type View } from "./view.ts";

/** The input on chip. */
export interface InputSite {
  readonly input: View;
  /** Columns of it that are on chip. */
  readonly window: Range;
}

/** Where a computation finds and puts its features. */
export interface Site extends InputSite {
  readonly residual: View | undefined;
  readonly output: View;
}

/** The storages of an operation on chip: as a whole, or in buffers that are used in turn. */
export class Buffers {
  readonly #emitter: Emitter;
  readonly #placement: Placement;
  readonly #operation: Operation;
  readonly #index: number;
  readonly #turns = new Map<Role, number>();

  constructor(emitter: Emitter, placement: Placement, operation: Operation, index: number) {
    this.#emitter = emitter;
    this.#placement = placement;
    this.#operation = operation;
    this.#index = index;
  }

  /**
   * Everything for a strip, after loading what is not on chip.
   * @param read channel groups of the input
   * @param written channel groups from the first one of the part
   */
  begin(strip: Strip, [firstGroup, endGroup]: Range, written: Range): Site {
    const [firstRow, endRow] = rowsRead(this.#operation, strip);
    const [firstColumn, endColumn] = windowLoaded(this.#emitter.geometry, this.#operation, strip);
    const input = this.input({ firstRow, endRow, firstGroup, endGroup, firstColumn, endColumn });
    return { ...input, ...this.outputs(strip, written) };
  }

  /** The input, after loading a region of it if it is not on chip. */
  input(region: Region): InputSite {
    const { input } = this.#operation;
    const view = this.#view("input", input, region);
    if (!this.#streamed("input")) return { input: view, window: [0, input.storage.width] };
    const { firstRow, endRow, firstColumn, endColumn } = region;
    if (endRow > firstRow && endColumn > firstColumn) this.#transfer("loadFeatures", input, view, region);
    return { input: view, window: [firstColumn, endColumn] };
  }

  /** The output and, after loading it if it is not on chip, what is added to it. */
  outputs(strip: Strip, written: Range): Pick<Site, "residual" | "output"> {
    const { residual, output, residualGroup } = this.#operation;
    const view = this.#view("output", output, this.#outputRegion(strip, written));
    if (residual === undefined) return { residual: undefined, output: view };
    const region = regionOf(strip, written, residualGroup, 1);
    const added = this.#view("residual", residual, region);
    if (this.#streamed("residual")) this.#transfer("loadFeatures", residual, added, region);
    return { residual: added, output: view };
  }

  /** Stores a strip of the output unless it stays on chip. */
  finish(strip: Strip, written: Range, view: View): void {
    if (!this.#streamed("output")) return;
    this.#transfer("storeFeatures", this.#operation.output, view, this.#outputRegion(strip, written));
  }

  #outputRegion(strip: Strip, written: Range): Region {
    return regionOf(strip, written, this.#operation.part.firstGroup, outputScale(this.#operation));
  }

  #streamed(role: Role): boolean {
    return this.#placement.plans[this.#index].buffers[role] !== undefined;
  }

  #view(role: Role, { storage }: TensorView, region: Region): View {
    const buffers = this.#placement.plans[this.#index].buffers[role];
    if (buffers !== undefined) {
      const turn = this.#turns.get(role) ?? 0;
      this.#turns.set(role, turn + 1);
      const scale = role === "output" ? outputScale(this.#operation) : 1;
      return bufferView(this.#emitter.geometry, storage, buffers[turn % buffers.length], region, scale);
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

/** Pixels of a strip, each `scale` wide and high, and channel groups counted from `start`. */
function regionOf(strip: Strip, [firstGroup, endGroup]: Range, start: number, scale: number): Region {
  return {
    firstRow: scale * strip.firstRow,
    endRow: scale * strip.endRow,
    firstColumn: scale * strip.firstColumn,
    endColumn: scale * strip.endColumn,
    firstGroup: start + firstGroup,
    endGroup: start + endGroup,
  };
}
