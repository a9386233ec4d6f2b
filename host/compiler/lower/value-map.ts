import { requantizeTable } from "../../../models/arithmetic/index.ts";
import type { Quantization } from "../../../models/ir/network.ts";
import { type AddTables, TABLE_FRACTION_BITS } from "../../arithmetic/index.ts";

/** A function on values of the int8 frame: entry v + 128 is that of v. */
export type ValueMap = Int8Array;

/** Inclusive bounds in the int8 frame. */
export interface Bounds {
  readonly lo: number;
  readonly hi: number;
}

/** The whole int8 range. */
export const unbounded: Bounds = { lo: -128, hi: 127 };

/** ONNX Runtime's change of quantisation, clamped to [lo, hi] of the output's type, in the int8 frame. */
export function requantization(input: Quantization, output: Quantization, lo?: number, hi?: number): ValueMap {
  const flip = output.dtype === "uint8" ? 128 : 0;
  return Int8Array.from(requantizeTable(input, output, lo, hi), (value) => value - flip);
}

/** Whether a map leaves every value as it is. */
export function isIdentity(map: ValueMap): boolean {
  return map.every((value, index) => value === index - 128);
}

/** The clamp that a map is on the values within `domain`, if it is one. */
export function clampOf(map: ValueMap, domain: Bounds): Bounds | undefined {
  const [lo, hi] = [map[domain.lo + 128], map[domain.hi + 128]];
  for (let value = domain.lo; value <= domain.hi; value++)
    if (map[value + 128] !== Math.max(lo, Math.min(hi, value))) return undefined;
  return { lo, hi };
}

/** Tables with which the residual adder applies a map, whatever it adds. */
export function mapTables(map: ValueMap): AddTables {
  const ta = Float64Array.from(map, (value) => value * 2 ** TABLE_FRACTION_BITS);
  return { ta, tb: new Float64Array(256), z2: 0, lo2: unbounded.lo, hi2: unbounded.hi };
}

/** The map that tables of {@link mapTables} apply. */
export function mapOfTables({ ta }: AddTables): ValueMap {
  return Int8Array.from(ta, (entry) => entry / 2 ** TABLE_FRACTION_BITS);
}

/** Tables for a value that goes through a map first. */
export function afterMap(map: ValueMap, tables: AddTables): AddTables {
  return { ...tables, ta: Float64Array.from(map, (value) => tables.ta[value + 128]) };
}
