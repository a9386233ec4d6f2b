import { type ErrorName, errorByCode } from "../../hdl-gen/index.ts";
import { commandLabel, type Program } from "../compiler/index.ts";
import { disassemble } from "../isa/index.ts";

/** What the accelerator's registers say about a run that failed. */
export interface HardwareReport {
  /** STATUS.error_code. */
  readonly code: number;
  /** ERROR_COMMAND. */
  readonly command: number;
  /** ERROR_INFO. */
  readonly info: number;
}

/** Thrown when the accelerator stops a run with an error. */
export class HardwareError extends Error {
  readonly report: HardwareReport;
  /** Name of the error code, `UNKNOWN` for one that this version does not know. */
  readonly code: ErrorName | "UNKNOWN";
  /** Layers that the failing command works for; undefined if it is outside of the program. */
  readonly layer: string | undefined;

  constructor(report: HardwareReport, program: Program) {
    const known = errorByCode(report.code);
    const command = program.commands[report.command];
    const where = command === undefined ? "outside of the program" : `of ${commandLabel(program, report.command)}`;
    const text = command === undefined ? "" : `\n  ${disassemble(command)}`;
    const info = `0x${report.info.toString(16).padStart(8, "0")}`;
    const what = known === undefined ? `error code ${report.code}` : `${known.name}: ${known.doc}`;
    super(`${what} Command ${report.command} ${where}, info ${info}.${text}`);
    this.name = "HardwareError";
    this.report = report;
    this.code = known?.name ?? "UNKNOWN";
    this.layer = command === undefined ? undefined : commandLabel(program, report.command);
  }
}
