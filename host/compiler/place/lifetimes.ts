import type { FeatureShape } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import type { Extent } from "./allocate.ts";
import type { Role } from "./strips.ts";

/** A place on chip: for one tensor, or for several in turn, each added into the one before. */
export interface Lease extends Extent {
  readonly members: readonly string[];
}

/** Tensors of an operation by the part they play. */
export function rolesOf({ input, residual, output }: Operation): readonly (readonly [Role, string])[] {
  const roles: (readonly [Role, string])[] = [["input", input]];
  if (residual !== undefined) roles.push(["residual", residual]);
  return [...roles, ["output", output]];
}

/**
 * The places that the tensors of a network need, and from when to when.
 *
 * @param inPlace whether an addition's output takes the place of the tensor added, where nothing reads that any more: the
 *   drain reads a word before it writes it (and, for M >= G, writes it once)
 */
export function lifetimes(geometry: Geometry, operations: readonly Operation[], inPlace: boolean): readonly Lease[] {
  const lives = new Map<string, { first: number; last: number; shape: FeatureShape }>();
  operations.forEach((operation, index) => {
    for (const [role, name] of rolesOf(operation)) {
      const life = lives.get(name);
      const shape = role === "input" ? operation.inputShape : operation.outputShape;
      if (life === undefined) lives.set(name, { first: index, last: index, shape });
      else life.last = index;
    }
  });
  const leases = new Map<string, { first: number; last: number; shape: FeatureShape; members: string[] }>();
  for (const [name, life] of lives) {
    const maker = operations.find(({ output }) => output === name);
    const residual = inPlace && geometry.blocksPerWord === 1 ? maker?.residual : undefined;
    const before = residual === undefined ? undefined : leases.get(residual);
    const free = before !== undefined && before.last === life.first && maker?.input !== residual;
    const lease = free ? before : { ...life, members: [] };
    lease.last = life.last;
    lease.members.push(name);
    leases.set(name, lease);
  }
  return [...new Set(leases.values())].map(({ first, last, shape, members }) => ({
    name: members[0],
    words: geometry.tensorWords(shape),
    first,
    last,
    members,
  }));
}
