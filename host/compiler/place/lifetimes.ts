import { innerStorages, isFused, type Unit } from "../fuse/unit.ts";
import type { Geometry } from "../geometry.ts";
import { type Storage, storageWords } from "../layout/storage.ts";
import type { Operation } from "../lower/operation.ts";
import type { Extent } from "./allocate.ts";
import { rolesOf } from "./roles.ts";

/** A place on chip: for one storage, or for several in turn, each added into the one before. */
export interface Lease extends Extent {
  /** Names of the storages. */
  readonly members: readonly string[];
}

/**
 * The places that the storages of a network need, and from which unit to which; none for those inside a fused unit.
 *
 * @param inPlace whether an addition's output takes the place of the tensor added, where nothing reads that any more: the
 *   drain reads a word before it writes it (and, for M >= G, writes it once)
 */
export function lifetimes(geometry: Geometry, units: readonly Unit[], inPlace: boolean): readonly Lease[] {
  const inner = innerStorages(units);
  const lives = new Map<Storage, { first: number; last: number; maker: Operation | undefined }>();
  units.forEach((unit, index) => {
    for (const operation of unit.operations) {
      for (const [role, { storage }] of rolesOf(operation)) {
        if (inner.has(storage)) continue;
        const life = lives.get(storage);
        const maker = role === "output" && !isFused(unit) ? operation : undefined;
        if (life === undefined) lives.set(storage, { first: index, last: index, maker });
        else life.last = index;
      }
    }
  });
  const leases = new Map<Storage, { first: number; last: number; storage: Storage; members: string[] }>();
  for (const [storage, { first, last, maker }] of lives) {
    const residual = inPlace && geometry.blocksPerWord === 1 ? maker?.residual?.storage : undefined;
    const before = residual === undefined ? undefined : leases.get(residual);
    const free = before !== undefined && before.last === first && maker !== undefined && fitsInPlace(maker);
    const lease = free ? before : { first, last, storage, members: [] };
    lease.last = last;
    lease.members.push(storage.name);
    leases.set(storage, lease);
  }
  return [...new Set(leases.values())].map(({ first, last, storage, members }) => ({
    name: members[0],
    words: storageWords(storage),
    first,
    last,
    members,
  }));
}

/** Whether an operation's output lies exactly as the tensor that it adds does, and that is not its input too. */
function fitsInPlace({ input, residual, output, part, residualGroup }: Operation): boolean {
  if (residual === undefined || input.storage === residual.storage) return false;
  const [a, b] = [residual.storage, output.storage];
  return a.pitch === b.pitch && a.groups === b.groups && residualGroup === part.firstGroup;
}
