import type { Storage } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { rolesOf } from "../place/roles.ts";

/** Consecutive operations that run at a time: one, or several that are interleaved by rows. */
export interface Unit {
  /** Index of its first operation. */
  readonly first: number;
  readonly operations: readonly Operation[];
}

/** Operations [first, end) to be interleaved. */
export type Span = readonly [number, number];

/** Cuts operations into units: the spans, in order, and each other operation by itself. */
export function unitsOf(operations: readonly Operation[], spans: readonly Span[]): readonly Unit[] {
  const units: Unit[] = [];
  for (let first = 0; first < operations.length; ) {
    const end = spans.find(([start]) => start === first)?.[1] ?? first + 1;
    units.push({ first, operations: operations.slice(first, end) });
    first = end;
  }
  return units;
}

/** Whether a unit's operations are interleaved. */
export function isFused({ operations }: Unit): boolean {
  return operations.length > 1;
}

/** Storages that a unit's operations read. */
export function storagesRead({ operations }: Unit): ReadonlySet<Storage> {
  const views = operations.flatMap(({ input, residual }) => (residual === undefined ? [input] : [input, residual]));
  return new Set(views.map(({ storage }) => storage));
}

/** Storages that a unit's operations write, in whole or in part. */
export function storagesWritten({ operations }: Unit): ReadonlySet<Storage> {
  return new Set(operations.map(({ output }) => output.storage));
}

/** All storages of a unit. */
export function storagesOf({ operations }: Unit): ReadonlySet<Storage> {
  return new Set(operations.flatMap((operation) => rolesOf(operation).map(([, { storage }]) => storage)));
}

/** Storages that exist only while their rows pass through a fused unit: no other unit touches them. */
export function innerStorages(units: readonly Unit[]): ReadonlySet<Storage> {
  const users = new Map<Storage, Set<Unit>>();
  for (const unit of units)
    for (const storage of storagesOf(unit)) users.set(storage, (users.get(storage) ?? new Set()).add(unit));
  const inner = [...users].filter(([, among]) => among.size === 1 && [...among].every(isFused));
  return new Set(inner.map(([storage]) => storage));
}
