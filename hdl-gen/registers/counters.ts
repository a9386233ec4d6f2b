import type { Register } from "./types.ts";

const FIRST_OFFSET = 0x080;

const counters = [
  ["CYCLES", "Clock cycles from start to the end of the run: the sum of BUSY, NO_COMMAND and the four WAIT counters."],
  ["BUSY", "Cycles in which the array was fed."],
  ["NO_COMMAND", "Cycles in which the array waited for a command."],
  ["WAIT_LOAD", "Cycles in which the array's next command waited for loads."],
  ["WAIT_COMPUTE", "Cycles in which the array's next command waited for earlier computations to finish."],
  ["WAIT_STORE", "Cycles in which the array's next command waited for stores."],
  ["WAIT_DRAIN", "Cycles in which the array waited because the drain was not free."],
  ["READ_BEATS", "Beats read over the AXI master."],
  ["WRITE_BEATS", "Beats written over the AXI master."],
  ["COMMANDS", "Commands completed."],
  ["WAIT_WEIGHTS", "Of WAIT_LOAD: cycles in which weights, parameters or tables were on their way from DRAM."],
  ["WAIT_FEATURES", "Of WAIT_LOAD: cycles in which features were on their way. The rest: no data asked for yet."],
] as const;

/** Name of a performance counter. */
export type CounterName = (typeof counters)[number][0];

/** All counters, in address order from 0x080: 32 bits, read-only, cleared by an accepted start, wrapping. */
export const counterNames: readonly CounterName[] = counters.map(([name]) => name);

/** A counter as a register. */
export interface CounterRegister extends Register {
  readonly name: CounterName;
}

/** The registers of the counters. */
export const counterRegisters: readonly CounterRegister[] = counters.map(([name, doc], index) => ({
  name,
  offset: FIRST_OFFSET + 4 * index,
  access: "RO",
  kind: "counter",
  reset: 0,
  fields: [{ name: "count", lsb: 0, bits: 32, doc }],
  doc: `${doc} Cleared by an accepted start.`,
}));
