import { type FusedUnit, passingWords } from "../fuse/fused-unit.ts";
import { innerStorages, isFused, type Span, type Unit, unitsOf } from "../fuse/unit.ts";
import type { Geometry } from "../geometry.ts";
import type { Storage } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import { gapsBetween } from "./allocate.ts";
import { FitError } from "./fit-error.ts";
import { type Lease, lifetimes } from "./lifetimes.ts";
import { placeRings } from "./rings.ts";
import { rolesOf } from "./roles.ts";
import { stripsOf } from "./strip.ts";
import { StripPlanner } from "./strip-planner.ts";
import { bufferWords, type Role, type StripPlan, splitsOf } from "./strips.ts";
import { chooseVictim } from "./victim.ts";

/** Where every storage lives, and how each operation is cut. */
export interface Placement {
  /** Word address of each storage, by name, that stays on chip as a whole; the others live in DRAM or in rings. */
  readonly resident: ReadonlyMap<string, number>;
  /** One plan per operation, in order; without buffers for one that is fused. */
  readonly plans: readonly StripPlan[];
  /** Runs of operations that are interleaved by rows. */
  readonly fused: readonly FusedUnit[];
  /** Storages that only a fused unit touches. */
  readonly inner: ReadonlySet<Storage>;
  /** Words of a bank that pass through buffers. */
  readonly traffic: number;
}

/** Choices of {@link placeStorages}. */
export interface PlacementOptions {
  /** Operations to be fused. */
  readonly spans?: readonly Span[];
  /** One that has planned the same operations before. */
  readonly planner?: StripPlanner;
}

/**
 * Decides which storages stay on chip: the better of placing additions' outputs apart or in place, by what must pass
 * through buffers.
 *
 * @throws FitError if an operation does not fit even with all storages in DRAM
 */
export function placeStorages(
  geometry: Geometry,
  operations: readonly Operation[],
  { spans = [], planner = new StripPlanner(geometry, operations) }: PlacementOptions = {},
): Placement {
  const units = unitsOf(operations, spans);
  const apart = spillUntilFitting(geometry, units, planner, lifetimes(geometry, units, false));
  if (apart.traffic === 0) return apart;
  const inPlace = spillUntilFitting(geometry, units, planner, lifetimes(geometry, units, true));
  return inPlace.traffic < apart.traffic ? inPlace : apart;
}

/**
 * All storages stay on chip at first; while something does not fit, one place more is given up: of those taken where it
 * failed one that is not in use there (the one needed last), else the largest.
 */
function spillUntilFitting(
  geometry: Geometry,
  units: readonly Unit[],
  planner: StripPlanner,
  leases: readonly Lease[],
): Placement {
  const depth = geometry.config.featureDepth;
  /** Units whose plan is slow with all that can be spilled. */
  const slow = new Set<number>();
  const spilled = new Set(leases.filter(({ words }) => words > depth).map(({ name }) => name));
  for (;;) {
    const kept = leases.filter(({ name }) => !spilled.has(name));
    const result = tryPlacement(geometry, units, planner, kept, slow);
    if ("plans" in result) return result;
    const victim = chooseVictim(kept, units, result.failedAt);
    if (victim !== undefined) spilled.add(victim);
    else if (result.slow) slow.add(result.failedAt);
    else throw tooLarge(geometry, units[result.failedAt].operations[0]);
  }
}

function tryPlacement(
  geometry: Geometry,
  units: readonly Unit[],
  planner: StripPlanner,
  kept: readonly Lease[],
  slow: ReadonlySet<number>,
): Placement | { readonly failedAt: number; readonly slow: boolean } {
  const depth = geometry.config.featureDepth;
  const members = new Set(kept.flatMap((lease) => lease.members));
  const inner = innerStorages(units);
  const rings = placeRings(geometry, units, kept, (storage) => members.has(storage.name), inner);
  if ("failedAt" in rings) return { ...rings, slow: false };
  const { bases, fused, extents } = rings;
  const resident = new Map(
    kept.flatMap(({ name, members }) => members.map((member): [string, number] => [member, bases.get(name) ?? 0])),
  );
  const plans: StripPlan[] = [];
  let traffic = fused.reduce((sum, unit) => sum + passingWords(unit), 0);
  for (const [index, unit] of units.entries()) {
    if (isFused(unit)) {
      plans.push(...unit.operations.map((operation) => wholePlan(geometry, operation)));
      continue;
    }
    const [operation] = unit.operations;
    const streamed = rolesOf(operation).filter(([, { storage }]) => !resident.has(storage.name));
    const taken = [...kept, ...extents]
      .filter(({ first, last }) => first <= index && index <= last)
      .map(({ name, words }) => ({ start: bases.get(name) ?? 0, end: (bases.get(name) ?? 0) + words }));
    const roles = streamed.map(([role]) => role);
    const plan = planner.plan(operation, roles, gapsBetween(taken, depth));
    if (plan === undefined) return { failedAt: index, slow: false };
    if (!slow.has(index) && planner.isSlow(operation, plan)) return { failedAt: index, slow: true };
    plans.push(plan);
    traffic += streamedWords(geometry, operation, plan, roles);
  }
  return { resident, plans, fused, inner, traffic };
}

/** The plan of an operation that finds everything on chip. */
function wholePlan(geometry: Geometry, operation: Operation): StripPlan {
  const { height, width } = operation.outputShape;
  return { splits: splitsOf(geometry, operation, 1), rows: height, columns: width, buffers: {} };
}

/** Words that an operation's buffers pass, overlapping rows counted again. */
function streamedWords(geometry: Geometry, operation: Operation, plan: StripPlan, roles: readonly Role[]): number {
  const { splits, rows, columns } = plan;
  const strips = stripsOf(operation, rows, columns).length;
  const words = (role: Role): number =>
    splits.reduce((sum, split) => sum + bufferWords(geometry, operation, split, role, rows, columns), 0);
  return strips * roles.reduce((sum, role) => sum + words(role), 0);
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
