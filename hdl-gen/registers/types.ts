/** What the bus may do: read-only, read-write, write-only (reads as 0), write 1 to clear. */
export type Access = "RO" | "RW" | "WO" | "W1C";

/**
 * How the hardware holds a register:
 * `constant` fixed at elaboration, `storage` a register the bus writes, `control` pulses, `status` state of the run,
 * `interrupt` sticky events, `error` latched with the first error, `counter` an input of the register block.
 */
export type RegisterKind = "constant" | "storage" | "control" | "status" | "interrupt" | "error" | "counter";

/** A bit field; bits outside of all fields read as 0 and ignore writes. */
export interface RegisterField {
  /** lower_snake_case. */
  readonly name: string;
  readonly lsb: number;
  /** Width in bits. */
  readonly bits: number;
  readonly doc: string;
}

/** A 32-bit register. */
export interface Register {
  /** UPPER_SNAKE_CASE. */
  readonly name: string;
  /** Byte offset, a multiple of 4, below 0x1000. */
  readonly offset: number;
  readonly access: Access;
  readonly kind: RegisterKind;
  /** Value after reset; `configuration` where it follows from the hardware configuration. */
  readonly reset: number | "configuration";
  /** Storage that cannot be written while a run is in progress: the write is answered with SLVERR and has no effect. */
  readonly lockedWhileBusy?: true;
  readonly fields: readonly RegisterField[];
  readonly doc: string;
}
