import { createColors } from "picocolors";
import type { Problem } from "../models/errors.ts";
import type { Io } from "./io.ts";

/** Prints problems, one a line on stderr, or as `{ "problems": [...] }` on stdout. */
export function printProblems(problems: readonly Problem[], json: boolean, io: Io): void {
  if (json) {
    io.out(`${JSON.stringify({ problems }, null, 2)}\n`);
    return;
  }
  const { red, bold, dim } = createColors(io.interactive && io.colors);
  for (const { code, path, message, hint } of problems)
    io.err(`${red(code)} ${bold(path)}: ${message}${hint === undefined ? "" : dim(` (${hint})`)}\n`);
}
