import { latencies } from "../../host/cycle-model/estimate/constants.ts";
import type { EstimatedRun } from "../../host/index.ts";
import type { Transfer } from "./traffic.ts";

/** A transfer's data on the bus, in cycles from the start of the run. */
export interface Burst {
  readonly transfer: Transfer;
  readonly from: number;
  readonly to: number;
}

/**
 * When the data of each transfer were on the bus: they come in order in each direction, the last beat just before the
 * command completes, the others a beat a cycle before it as far as the transfer before left the bus free.
 */
export function burstsOf(
  transfers: readonly Transfer[],
  { commands }: EstimatedRun,
  { beatBytes, writeLatency }: { readonly beatBytes: number; readonly writeLatency: number },
): readonly Burst[] {
  const free = { read: 0, write: 0 };
  const behind = { read: latencies.loadDone, write: writeLatency + latencies.storeDone };
  return transfers.map((transfer) => {
    const { command, direction, bytes } = transfer;
    const to = Math.max(free[direction], commands[command].end - behind[direction]);
    const from = Math.max(free[direction], to - bytes / beatBytes);
    free[direction] = to;
    return { transfer, from, to };
  });
}
