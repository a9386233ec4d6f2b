import type { FusedUnit } from "../fuse/fused-unit.ts";
import { type FusedPlan, fusedPlans, ringWords } from "../fuse/plan-fused.ts";
import { isFused, type Unit } from "../fuse/unit.ts";
import type { Geometry } from "../geometry.ts";
import type { Storage } from "../layout/storage.ts";
import { allocate, type Extent } from "./allocate.ts";
import type { Lease } from "./lifetimes.ts";
import { crowdedUnit } from "./victim.ts";

/** Places of leases and rings, by name. */
export interface RingPlacement {
  readonly bases: ReadonlyMap<string, number>;
  readonly fused: readonly FusedUnit[];
  /** The rings. */
  readonly extents: readonly Extent[];
}

/**
 * Places leases and the rings of fused units together. Rings that loads fill are free while the unit before still runs, if
 * that fits: so the first rows are there in time.
 *
 * @param resident storages that have a lease
 * @param inner storages that only one unit touches
 * @returns or the unit where there is no room
 */
export function placeRings(
  geometry: Geometry,
  units: readonly Unit[],
  kept: readonly Lease[],
  resident: (storage: Storage) => boolean,
  inner: ReadonlySet<Storage>,
): RingPlacement | { readonly failedAt: number } {
  const depth = geometry.config.featureDepth;
  const choices = new Map<number, readonly FusedPlan[]>();
  for (const [index, unit] of units.entries()) {
    if (!isFused(unit)) continue;
    const plans = fusedPlans(geometry, unit, resident, inner);
    if (plans.length === 0) return { failedAt: index };
    choices.set(index, plans);
  }
  let failed: Extent = { name: "", words: 0, first: 0, last: 0 };
  let extents: readonly Extent[] = [];
  for (const choice of choices.size === 0 ? [0] : [0, -1]) {
    for (const early of choices.size === 0 ? [0] : [1, 0]) {
      const plans = new Map([...choices].map(([index, all]) => [index, all.at(choice) ?? all[0]]));
      extents = [...plans].flatMap(([index, plan]) => ringExtents(plan, index, early));
      const allocation = allocate([...kept, ...extents], depth);
      if ("bases" in allocation) {
        const { bases } = allocation;
        return { bases, extents, fused: [...plans.values()].map((plan) => fusedUnit(plan, bases, inner)) };
      }
      failed = allocation.failed;
    }
  }
  return { failedAt: crowdedUnit([...kept, ...extents], failed) };
}

const ringName = ({ unit }: FusedPlan, { name }: Storage): string => `ring of ${name} at ${unit.first}`;

function ringExtents(plan: FusedPlan, index: number, early: number): readonly Extent[] {
  return [...plan.rings].map(([storage, rows]) => ({
    name: ringName(plan, storage),
    words: ringWords(storage, rows),
    first: plan.loaded.has(storage) ? Math.max(0, index - early) : index,
    last: index,
  }));
}

function fusedUnit(plan: FusedPlan, bases: ReadonlyMap<string, number>, inner: ReadonlySet<Storage>): FusedUnit {
  const storages = [...plan.rings.keys()];
  return {
    ...plan,
    bases: new Map(storages.map((storage) => [storage, bases.get(ringName(plan, storage)) ?? 0])),
    passing: new Set(storages.filter((storage) => !inner.has(storage) || plan.loaded.has(storage))),
  };
}
