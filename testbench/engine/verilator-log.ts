import type { Problem } from "../../models/errors.ts";

const message = /^%(Error|Warning)(?:-(\w+))?: (?:(\S+?):(\d+)(?::(\d+))?: )?(.*)$/;

/** Turns Verilator's messages into problems; its source excerpts and help lines are dropped. */
export function parseVerilatorLog(log: string): { errors: Problem[]; warnings: Problem[] } {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  for (const line of log.split("\n")) {
    const match = message.exec(line);
    if (match === null || match[6].startsWith("Exiting due to")) continue;
    const [, kind, code, file, lineNumber, , text] = match;
    const problem: Problem = {
      code: `verilator/${(code ?? kind).toLowerCase()}`,
      path: file === undefined ? "verilator" : `${file}:${lineNumber}`,
      message: text,
    };
    if (kind === "Error") errors.push(problem);
    else warnings.push(problem);
  }
  return { errors, warnings };
}
