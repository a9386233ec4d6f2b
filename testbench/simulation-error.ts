import { VargenError } from "../models/errors.ts";

/** The design did not answer in time; the message tells the state of its ports. */
export class WatchdogError extends VargenError {
  constructor(waitedFor: string, cycles: number, report: string) {
    super([
      {
        code: "simulation/watchdog",
        path: waitedFor,
        message: `nothing within ${cycles} cycles; ${report}`,
        hint: "record the last cycles as a waveform, or allow more cycles",
      },
    ]);
    this.name = "WatchdogError";
  }
}

/** A register access was answered with an error response. */
export class RegisterAccessError extends VargenError {
  /** @param response AXI response code */
  constructor(direction: "read" | "write", address: number, response: number) {
    const path = `0x${address.toString(16).padStart(3, "0")}`;
    super([{ code: "simulation/register", path, message: `${direction} answered with response ${response}` }]);
    this.name = "RegisterAccessError";
  }
}
