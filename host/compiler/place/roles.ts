import type { TensorView } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import type { Role } from "./strips.ts";

/** Tensors of an operation by the part they play. */
export function rolesOf({ input, residual, output }: Operation): readonly (readonly [Role, TensorView])[] {
  const roles: (readonly [Role, TensorView])[] = [["input", input]];
  if (residual !== undefined) roles.push(["residual", residual]);
  return [...roles, ["output", output]];
}
