import { storagesOf, type Unit } from "../fuse/unit.ts";
import { type Extent, wordsAlive } from "./allocate.ts";
import type { Lease } from "./lifetimes.ts";

/** The unit during `extent`'s life at which most words are wanted. */
export function crowdedUnit(extents: readonly Extent[], extent: Extent): number {
  let [most, at] = [-1, extent.first];
  for (let index = extent.first; index <= extent.last; index++) {
    const words = wordsAlive(extents, index);
    if (words > most) [most, at] = [words, index];
  }
  return at;
}

/** The place to be given up where a unit does not fit: one that it does not use (the one needed last), else the largest. */
export function chooseVictim(kept: readonly Lease[], units: readonly Unit[], at: number): string | undefined {
  const alive = kept.filter(({ first, last }) => first <= at && at <= last);
  const names = units.map((unit) => new Set([...storagesOf(unit)].map(({ name }) => name)));
  const nextUse = ({ members }: Lease): number => {
    const next = names.findIndex((used, index) => index > at && members.some((name) => used.has(name)));
    return next < 0 ? units.length : next;
  };
  const idle = alive.filter(({ members }) => !members.some((name) => names[at].has(name)));
  const byNextUse = [...idle].sort((a, b) => nextUse(b) - nextUse(a) || b.words - a.words);
  const bySize = [...alive].sort((a, b) => b.words - a.words);
  return (byNextUse[0] ?? bySize[0])?.name;
}
