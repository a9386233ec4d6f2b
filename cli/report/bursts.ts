import type { Timeline } from "../../host/index.ts";
import type { Transfer } from "./traffic.ts";

/** A transfer's data on the bus, in cycles from the start of the run. */
export interface Burst {
  readonly transfer: Transfer;
  readonly from: number;
  readonly to: number;
}

/** When the data of each transfer were on the bus: from its first beat to its last. */
export function burstsOf(transfers: readonly Transfer[], { commands }: Timeline): readonly Burst[] {
  return transfers.map((transfer) => {
    const { first, last } = commands[transfer.command];
    return { transfer, from: first, to: last + 1 };
  });
}
