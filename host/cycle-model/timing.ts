import type { Program } from "../compiler/index.ts";

/** When a command ran, in cycles from the start of the run. */
export interface CommandTiming {
  start: number;
  end: number;
}

/** A program's predicted run. */
export interface Timeline {
  readonly cycles: number;
  /** One per command; END's is the whole run's end. */
  readonly commands: readonly CommandTiming[];
}

/** What of a program determines its timing. */
export type CommandStream = Pick<Program, "config" | "commands" | "commandOffset">;
