import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import { allocate, type Extent, gapsBetween, wordsAlive } from "./allocate.ts";
import { FitError } from "./fit-error.ts";
import { type Lease, lifetimes, rolesOf } from "./lifetimes.ts";
import { stripsOf } from "./strip.ts";
import { StripPlanner } from "./strip-planner.ts";
import { bufferWords, type Role, type StripPlan, splitsOf } from "./strips.ts";

/** Where every storage lives, and how each operation is cut. */
export interface Placement {
  /** Word address of each storage, by name, that stays on chip as a whole; the others live in DRAM. */
  readonly resident: ReadonlyMap<string, number>;
  /** One plan per operation, in order. */
  readonly plans: readonly StripPlan[];
  /** Words of a bank that pass through buffers. */
  readonly traffic: number;
}

/**
 * Decides which storages stay on chip: the better of placing additions' outputs apart or in place, by what must pass
 * through buffers.
 *
 * @throws FitError if an operation does not fit even with all storages in DRAM
 */
export function placeStorages(geometry: Geometry, operations: readonly Operation[]): Placement {
  const planner = new StripPlanner(geometry, operations);
  const apart = spillUntilFitting(geometry, operations, planner, lifetimes(geometry, operations, false));
  if (apart.traffic === 0) return apart;
  const inPlace = spillUntilFitting(geometry, operations, planner, lifetimes(geometry, operations, true));
  return inPlace.traffic < apart.traffic ? inPlace : apart;
}

/**
 * All storages stay on chip at first; while something does not fit, one place more is given up: of those taken where it
 * failed one that is not in use there (the one needed last), else the largest.
 */
function spillUntilFitting(
  geometry: Geometry,
  operations: readonly Operation[],
  planner: StripPlanner,
  leases: readonly Lease[],
): Placement {
  const depth = geometry.config.featureDepth;
  /** Operations whose plan is slow with all that can be spilled. */
  const slow = new Set<number>();
  const spilled = new Set(leases.filter(({ words }) => words > depth).map(({ name }) => name));
  for (;;) {
    const kept = leases.filter(({ name }) => !spilled.has(name));
    const result = tryPlacement(geometry, operations, planner, kept, slow);
    if ("plans" in result) return result;
    const victim = chooseVictim(kept, operations, result.failedAt);
    if (victim !== undefined) spilled.add(victim);
    else if (result.slow) slow.add(result.failedAt);
    else throw tooLarge(geometry, operations[result.failedAt]);
  }
}

function tryPlacement(
  geometry: Geometry,
  operations: readonly Operation[],
  planner: StripPlanner,
  kept: readonly Lease[],
  slow: ReadonlySet<number>,
): Placement | { readonly failedAt: number; readonly slow: boolean } {
  const depth = geometry.config.featureDepth;
  const allocation = allocate(kept, depth);
  if ("failed" in allocation) return { failedAt: crowdedOperation(kept, allocation.failed), slow: false };
  const { bases } = allocation;
  const resident = new Map(
    kept.flatMap(({ name, members }) => members.map((member): [string, number] => [member, bases.get(name) ?? 0])),
  );
  const plans: StripPlan[] = [];
  let traffic = 0;
  for (const [index, operation] of operations.entries()) {
    const streamed = rolesOf(operation).filter(([, { storage }]) => !resident.has(storage.name));
    const taken = kept
      .filter(({ first, last }) => first <= index && index <= last)
      .map(({ name, words }) => ({ start: bases.get(name) ?? 0, end: (bases.get(name) ?? 0) + words }));
    const roles = streamed.map(([role]) => role);
    const plan = planner.plan(operation, roles, gapsBetween(taken, depth));
    if (plan === undefined) return { failedAt: index, slow: false };
    if (!slow.has(index) && planner.isSlow(operation, plan)) return { failedAt: index, slow: true };
    plans.push(plan);
    traffic += streamedWords(geometry, operation, plan, roles);
  }
  return { resident, plans, traffic };
}

/** Words that an operation's buffers pass, overlapping rows counted again. */
function streamedWords(geometry: Geometry, operation: Operation, plan: StripPlan, roles: readonly Role[]): number {
  const { splits, rows, columns } = plan;
  const strips = stripsOf(operation, rows, columns).length;
  const words = (role: Role): number =>
    splits.reduce((sum, split) => sum + bufferWords(geometry, operation, split, role, rows, columns), 0);
  return strips * roles.reduce((sum, role) => sum + words(role), 0);
}

/** The operation during `extent`'s life at which most words are wanted. */
function crowdedOperation(kept: readonly Lease[], extent: Extent): number {
  let [most, at] = [-1, extent.first];
  for (let index = extent.first; index <= extent.last; index++) {
    const words = wordsAlive(kept, index);
    if (words > most) [most, at] = [words, index];
  }
  return at;
}

function chooseVictim(kept: readonly Lease[], operations: readonly Operation[], at: number): string | undefined {
  const alive = kept.filter(({ first, last }) => first <= at && at <= last);
  const inUse = new Set(rolesOf(operations[at]).map(([, { storage }]) => storage.name));
  const nextUse = ({ members }: Lease): number => {
    const next = operations.findIndex(
      (op, i) => i > at && rolesOf(op).some(([, { storage }]) => members.includes(storage.name)),
    );
    return next < 0 ? operations.length : next;
  };
  const idle = alive.filter(({ members }) => !members.some((name) => inUse.has(name)));
  const byNextUse = [...idle].sort((a, b) => nextUse(b) - nextUse(a) || b.words - a.words);
  const bySize = [...alive].sort((a, b) => b.words - a.words);
  return (byNextUse[0] ?? bySize[0])?.name;
}

/** The error for an operation whose smallest buffers do not fit: it names its largest one. */
function tooLarge(geometry: Geometry, operation: Operation): FitError {
  const units = Math.ceil(geometry.blocks(operation.part.channels) / geometry.blocksPerWord);
  const splits = splitsOf(geometry, operation, units);
  const sizes = rolesOf(operation).map(([role, { tensor: name }]) => {
    const words = Math.max(...splits.map((split) => bufferWords(geometry, operation, split, role, 1, 1)));
    return { name, words };
  });
  const largest = sizes.reduce((a, b) => (b.words > a.words ? b : a));
  const total = sizes.reduce((sum, { words }) => sum + words, 0);
  const wordBytes = geometry.banks * geometry.lanes;
  const what = `one pixel with tensor '${largest.name}' (${largest.words * wordBytes} bytes of it)`;
  return new FitError(operation.name, what, total * wordBytes, geometry.config.featureDepth * wordBytes);
}
