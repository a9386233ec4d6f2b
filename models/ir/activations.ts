import type { Activations, ActivationType } from "./network.ts";

/** A zeroed array of an activation type. */
export function newActivations(dtype: ActivationType, length: number): Activations {
  return dtype === "int8" ? new Int8Array(length) : new Uint8Array(length);
}

/** Whether an array holds values of the given type. */
export function hasType(values: Activations, dtype: ActivationType): boolean {
  return dtype === "int8" ? values instanceof Int8Array : values instanceof Uint8Array;
}
