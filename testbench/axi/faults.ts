/** AXI response codes. */
export const Response = { okay: 0, slaveError: 2, decodeError: 3 } as const;

/**
 * An error to inject. It strikes the n-th burst of its direction, counted from 0 since the memory was made or cleared,
 * or every burst that touches an address; `hang` never answers.
 */
export interface Fault {
  readonly direction: "read" | "write";
  readonly at: { readonly burst: number } | { readonly address: number };
  readonly effect: "slaveError" | "decodeError" | "hang";
}

/** Stands for `hang` where a response code is kept. */
export const HANG = 4;

const effectCodes = { slaveError: Response.slaveError, decodeError: Response.decodeError, hang: HANG } as const;

/**
 * The response that the faults give a burst: the first that applies, else okay.
 * @param burst number of the burst in its direction
 * @param address first byte
 * @param bytes length of the burst
 */
export function faultResponse(
  faults: readonly Fault[],
  direction: Fault["direction"],
  burst: number,
  address: number,
  bytes: number,
): number {
  for (const fault of faults) {
    if (fault.direction !== direction) continue;
    const hit =
      "burst" in fault.at
        ? fault.at.burst === burst
        : fault.at.address >= address && fault.at.address < address + bytes;
    if (hit) return effectCodes[fault.effect];
  }
  return Response.okay;
}
