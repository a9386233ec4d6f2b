import type { Burst } from "./bursts.ts";
import { type ArrayStep, type Cause, causeShares, causes, piecesOf } from "./causes.ts";
import { type TrafficKind, trafficKinds } from "./traffic.ts";

/** A run in equal slices of time. */
export interface Overview {
  /** Cycles of a slice; the last one may reach beyond the run's end. */
  readonly sliceCycles: number;
  /** Cycles of each slice by what the array does. */
  readonly array: Readonly<Record<Cause, readonly number[]>>;
  /** Bytes of each slice by kind, commands not included. */
  readonly read: Readonly<Record<TrafficKind, readonly number[]>>;
  readonly write: Readonly<Record<TrafficKind, readonly number[]>>;
}

/** Slices of a run. */
const SLICES = 260;

/** Cuts a run into slices. @param cycles of the run, at least one */
export function overviewOf(steps: readonly ArrayStep[], bursts: readonly Burst[], cycles: number): Overview {
  const sliceCycles = Math.max(1, Math.ceil(cycles / SLICES));
  const count = Math.ceil(cycles / sliceCycles);
  const zeros = (): number[] => new Array<number>(count).fill(0);
  const table = <K extends string>(keys: readonly K[]): Record<K, number[]> =>
    Object.fromEntries(keys.map((key) => [key, zeros()])) as Record<K, number[]>;
  const [array, read, write] = [table(causes), table(trafficKinds), table(trafficKinds)];
  const spread = (slices: number[], from: number, to: number, amount: number): void => {
    const last = Math.min(count - 1, Math.floor(to / sliceCycles));
    for (let slice = Math.floor(from / sliceCycles); slice <= last; slice++) {
      const overlap = Math.min(to, (slice + 1) * sliceCycles) - Math.max(from, slice * sliceCycles);
      slices[slice] += to > from ? (amount * overlap) / (to - from) : amount;
    }
  };
  for (const step of steps)
    for (const { cause, from, to } of piecesOf(step))
      for (const [part, share] of causeShares(step, cause)) spread(array[part], from, to, share * (to - from));
  for (const { transfer, from, to } of bursts)
    spread({ read, write }[transfer.direction][transfer.kind], from, to, transfer.bytes);
  return { sliceCycles, array, read, write };
}
