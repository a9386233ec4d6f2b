import type { AddTables } from "../../arithmetic/index.ts";
import type { LogicalOperation } from "./operation.ts";
import { afterMap, clampOf, mapOfTables, mapTables, type ValueMap } from "./value-map.ts";

/**
 * An operation whose drain goes on to apply a map to what it makes: by its bounds where the map is a clamp, else by tables.
 * @returns undefined if the drain cannot, because an addition or a maximum comes first
 */
export function withMap(operation: LogicalOperation, map: ValueMap): LogicalOperation | undefined {
  const { bounds, tables, residual, drain } = operation;
  if (residual !== undefined) return clampedSum(operation, map);
  if (tables !== undefined) {
    const before = mapOfTables(tables);
    return { ...operation, tables: mapTables(before.map((value) => map[value + 128])) };
  }
  const clamp = clampOf(map, bounds);
  if (clamp !== undefined) return { ...operation, bounds: clamp };
  return drain === "store" ? { ...operation, tables: mapTables(map) } : undefined;
}

function clampedSum(operation: LogicalOperation, map: ValueMap): LogicalOperation | undefined {
  const { tables } = operation;
  if (tables === undefined) return undefined;
  const clamp = clampOf(map, { lo: tables.lo2, hi: tables.hi2 });
  return clamp && { ...operation, tables: { ...tables, lo2: clamp.lo, hi2: clamp.hi } };
}

/** Whether an operation's drain can go on to add a tensor. */
export function canAdd({ residual, drain }: LogicalOperation): boolean {
  return residual === undefined && drain === "store";
}

/** An operation whose drain goes on to add a tensor. */
export function withResidual(operation: LogicalOperation, residual: string, tables: AddTables): LogicalOperation {
  const before = operation.tables === undefined ? undefined : mapOfTables(operation.tables);
  return { ...operation, residual, tables: before === undefined ? tables : afterMap(before, tables) };
}
