import type { Program } from "../compiler/index.ts";

/** What of a program determines its timing. */
export type CommandStream = Pick<Program, "config" | "commands" | "commandOffset">;

/** What the array does in the cycles of a run, told apart as by the accelerator's counters; the parts add up to the run. */
export interface CycleSplit {
  /** It is fed. */
  readonly busy: number;
  /** It waits for the drain: tiles shorter than their drain. */
  readonly waitDrain: number;
  /** Its next command waits for loads, for computations before it, for stores. */
  readonly waitLoad: number;
  readonly waitCompute: number;
  readonly waitStore: number;
  /** It has no command: start, end, and commands that come late. */
  readonly noCommand: number;
}

/** The cycles of `waitLoad` by what the load engine had under way at the time; they add up to them. */
export interface LoadWaits {
  /** Weights, parameters or tables. */
  readonly weights: number;
  readonly features: number;
  /** Nothing: the next load waits itself, or comes late. */
  readonly other: number;
}

/** A time in which the array was not fed, and why; `waitOther` is the rest of waiting for loads, see {@link LoadWaits}. */
export interface IdleSpan {
  readonly cause: "noCommand" | "waitOther" | "waitWeights" | "waitFeatures" | "waitCompute" | "waitStore";
  /** Its first cycle, and the one behind its last. */
  readonly from: number;
  readonly to: number;
}

/** The cycles in which things happened to a command, counted from 0 as CYCLES counts them. */
export interface CommandTiming {
  /** Its engine took it: a transfer's request was accepted by the bus master, a computation began. */
  readonly start: number;
  /** Its first and last beat, of the bus or of the array. */
  readonly first: number;
  readonly last: number;
  /** It was complete: the count of its engine went up. */
  readonly end: number;
}

/** A program's run, as the accelerator's counters tell it. */
export interface Timeline {
  readonly cycles: number;
  readonly split: CycleSplit;
  readonly loads: LoadWaits;
  /** Every cycle in which no computation ran, in order. */
  readonly idle: readonly IdleSpan[];
  /** Data beats on the bus. */
  readonly readBeats: number;
  readonly writeBeats: number;
  /** One per command; END's are all the end of the run. */
  readonly commands: readonly CommandTiming[];
}
