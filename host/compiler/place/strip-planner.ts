import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import type { WordRange } from "./allocate.ts";
import { needsChain, planChain } from "./plan-chain.ts";
import { planColumns, planRows } from "./plan-strips.ts";
import { rolesOf } from "./roles.ts";
import { stripCost } from "./strip-cost.ts";
import { inputRows, type Role, type StripPlan } from "./strips.ts";

/** Strips of whole lines are given up if strips of columns take less than this part of their time, by estimate. */
const WORTH = 0.8;
/** Rows of input read for each that is new, up to which strips of whole lines are taken without further ado. */
const FEW_HALO_ROWS = 1.5;
/** Times the least cost up to which a plan beside resident tensors is accepted. */
const TOLERANCE = 2;

/**
 * Cuts operations into strips, of columns as well where whole lines do not fit even into an empty memory, or are slow:
 * few rows with much overlap, or many ranges of blocks. Where that does not do either, sums are made in chains.
 */
export class StripPlanner {
  readonly #geometry: Geometry;
  /** Least costs of the operations that get strips of columns. */
  readonly #narrow = new Map<Operation, number>();
  /** Operations that must make their sums in chains. */
  readonly #chained = new Set<Operation>();

  constructor(geometry: Geometry, operations: readonly Operation[]) {
    this.#geometry = geometry;
    const everything = [{ start: 0, end: geometry.config.featureDepth }];
    for (const operation of operations) {
      if (needsChain(geometry, operation)) {
        this.#chained.add(operation);
        continue;
      }
      const roles = rolesOf(operation).map(([role]) => role);
      const rows = planRows(geometry, operation, roles, everything);
      if (rows !== undefined && isComfortable(operation, rows)) continue;
      const columns = planColumns(geometry, operation, roles, everything);
      if (rows === undefined && columns === undefined) this.#chained.add(operation);
      if (columns === undefined) continue;
      const [a, b] = [rows, columns].map((plan) =>
        plan === undefined ? Infinity : stripCost(geometry, operation, plan),
      );
      if (b < WORTH * a) this.#narrow.set(operation, b);
    }
  }

  /** A plan with buffers for the `streamed` tensors in the gaps; undefined if there is none. */
  plan(operation: Operation, streamed: readonly Role[], gaps: readonly WordRange[]): StripPlan | undefined {
    if (this.#chained.has(operation)) return planChain(this.#geometry, operation, streamed, gaps);
    const rows = planRows(this.#geometry, operation, streamed, gaps);
    if (streamed.length === 0 || !this.#narrow.has(operation)) return rows;
    const columns = planColumns(this.#geometry, operation, streamed, gaps);
    if (rows === undefined || columns === undefined) return rows ?? columns;
    return this.#cost(operation, columns) < this.#cost(operation, rows) ? columns : rows;
  }

  /** Whether an operation with strips of columns would be much faster if it had more room. */
  isSlow(operation: Operation, plan: StripPlan): boolean {
    const least = this.#narrow.get(operation);
    return least !== undefined && this.#cost(operation, plan) > TOLERANCE * least;
  }

  #cost(operation: Operation, plan: StripPlan): number {
    return stripCost(this.#geometry, operation, plan);
  }
}

function isComfortable(operation: Operation, { splits, rows, buffers }: StripPlan): boolean {
  const twice = Object.values(buffers).every((copies) => copies.length > 1);
  return twice && splits.length === 1 && inputRows(operation, rows) <= FEW_HALO_ROWS * rows * operation.stride;
}
