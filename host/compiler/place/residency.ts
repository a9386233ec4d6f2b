import { type Network, tensorOf } from "../../../models/ir/network.ts";
import type { Geometry } from "../geometry.ts";
import type { LoweredNetwork } from "../lower/lower-network.ts";
import type { Operation } from "../lower/operation.ts";
import { allocate, type Extent, gapsBetween } from "./allocate.ts";
import { FitError } from "./fit-error.ts";
import { bufferWords, planStrips, type Role, type StripPlan, splitsOf } from "./strips.ts";

/** Where every tensor lives, and how each operation is cut. */
export interface Placement {
  /** Word address of each tensor that stays on chip as a whole; the others live in DRAM. */
  readonly resident: ReadonlyMap<string, number>;
  /** One plan per operation, in order. */
  readonly plans: readonly StripPlan[];
}

/** Tensors of an operation by the part they play. */
export function rolesOf({ input, residual, output }: Operation): readonly (readonly [Role, string])[] {
  const roles: (readonly [Role, string])[] = [["input", input]];
  if (residual !== undefined) roles.push(["residual", residual]);
  return [...roles, ["output", output]];
}

/**
 * Decides which tensors stay on chip. All do at first; while something does not fit, one tensor more is sent to DRAM: of
 * those alive where it failed one that is not in use there (the one needed last), else the largest.
 *
 * @throws FitError if an operation does not fit even with all tensors in DRAM
 */
export function placeTensors(geometry: Geometry, network: Network, { operations }: LoweredNetwork): Placement {
  const extents = lifetimes(geometry, network, operations);
  const depth = geometry.config.featureDepth;
  const spilled = new Set(extents.filter(({ words }) => words > depth).map(({ name }) => name));
  for (;;) {
    const kept = extents.filter(({ name }) => !spilled.has(name));
    const result = tryPlacement(geometry, operations, kept);
    if ("plans" in result) return result;
    const victim = chooseVictim(kept, operations, result.failedAt);
    if (victim === undefined) throw tooLarge(geometry, operations[result.failedAt]);
    spilled.add(victim);
  }
}

function lifetimes(geometry: Geometry, network: Network, operations: readonly Operation[]): readonly Extent[] {
  const lives = new Map<string, { first: number; last: number }>();
  operations.forEach((operation, index) => {
    for (const [, name] of rolesOf(operation)) {
      const life = lives.get(name);
      if (life === undefined) lives.set(name, { first: index, last: index });
      else life.last = index;
    }
  });
  return [...lives].map(([name, life]) => ({
    name,
    words: geometry.tensorWords(tensorOf(network, name).shape),
    ...life,
  }));
}

function tryPlacement(
  geometry: Geometry,
  operations: readonly Operation[],
  kept: readonly Extent[],
): Placement | { readonly failedAt: number } {
  const depth = geometry.config.featureDepth;
  const allocation = allocate(kept, depth);
  if ("failed" in allocation) return { failedAt: crowdedOperation(kept, allocation.failed) };
  const { bases } = allocation;
  const plans: StripPlan[] = [];
  for (const [index, operation] of operations.entries()) {
    const streamed = rolesOf(operation).filter(([, name]) => !bases.has(name));
    const taken = kept
      .filter(({ first, last }) => first <= index && index <= last)
      .map(({ name, words }) => ({ start: bases.get(name) ?? 0, end: (bases.get(name) ?? 0) + words }));
    const roles = streamed.map(([role]) => role);
    const plan = planStrips(geometry, operation, roles, gapsBetween(taken, depth));
    if (plan === undefined) return { failedAt: index };
    plans.push(plan);
  }
  return { resident: bases, plans };
}

/** The operation during `extent`'s life at which most words are wanted. */
function crowdedOperation(kept: readonly Extent[], extent: Extent): number {
  let [most, at] = [-1, extent.first];
  for (let index = extent.first; index <= extent.last; index++) {
    const alive = kept.filter(({ first, last }) => first <= index && index <= last);
    const words = alive.reduce((sum, other) => sum + other.words, 0);
    if (words > most) [most, at] = [words, index];
  }
  return at;
}

function chooseVictim(kept: readonly Extent[], operations: readonly Operation[], at: number): string | undefined {
  const alive = kept.filter(({ first, last }) => first <= at && at <= last);
  const inUse = new Set(rolesOf(operations[at]).map(([, name]) => name));
  const nextUse = (name: string): number => {
    const next = operations.findIndex((op, index) => index > at && rolesOf(op).some(([, other]) => other === name));
    return next < 0 ? operations.length : next;
  };
  const idle = alive.filter(({ name }) => !inUse.has(name));
  const byNextUse = [...idle].sort((a, b) => nextUse(b.name) - nextUse(a.name) || b.words - a.words);
  const bySize = [...alive].sort((a, b) => b.words - a.words);
  return (byNextUse[0] ?? bySize[0])?.name;
}

/** The error for an operation whose smallest buffers do not fit: it names its largest one. */
function tooLarge(geometry: Geometry, operation: Operation): FitError {
  const units = Math.ceil(geometry.blocks(operation.outputShape.channels) / geometry.blocksPerWord);
  const splits = splitsOf(geometry, operation, units);
  const sizes = rolesOf(operation).map(([role, name]) => {
    const words = Math.max(...splits.map((split) => bufferWords(geometry, operation, split, role, 1)));
    return { name, words };
  });
  const largest = sizes.reduce((a, b) => (b.words > a.words ? b : a));
  const total = sizes.reduce((sum, { words }) => sum + words, 0);
  const wordBytes = geometry.banks * geometry.lanes;
  const what = `one row with tensor '${largest.name}' (${largest.words * wordBytes} bytes of it)`;
  return new FitError(operation.name, what, total * wordBytes, geometry.config.featureDepth * wordBytes);
}
