import { type Storage, storageWords } from "../layout/storage.ts";
import type { FusedPlan } from "./plan-fused.ts";
import type { Span } from "./unit.ts";

/** A run of operations interleaved by rows, with the places of its rings. */
export interface FusedUnit extends FusedPlan {
  /** Word address of each of the plan's rings. */
  readonly bases: ReadonlyMap<Storage, number>;
  /** Storages that other units touch, or that come from outside: their rows pass between DRAM and a ring. */
  readonly passing: ReadonlySet<Storage>;
}

/** Words of a bank that pass through a unit's rings from or to DRAM. */
export function passingWords({ passing }: FusedUnit): number {
  return [...passing].reduce((sum, storage) => sum + storageWords(storage), 0);
}

/** Its operations, by index. */
export function spanOf({ unit }: FusedPlan): Span {
  return [unit.first, unit.first + unit.operations.length];
}

/** Steps in which an operation that is fused makes rows; undefined if it is not. */
export function stepsOf(units: readonly FusedUnit[], operation: number): number | undefined {
  for (const { unit, made: all } of units) {
    const made = all[operation - unit.first];
    if (operation >= unit.first && made !== undefined)
      return made.filter((rows, i) => rows > (made[i - 1] ?? 0)).length;
  }
  return undefined;
}
