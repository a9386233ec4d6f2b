/** One problem found in a user's input: errors are data, and all problems are reported at once. */
export interface Problem {
  /** Stable machine-readable code, e.g. `config/out-of-range`. */
  readonly code: string;
  /** Where: a configuration key, a layer or node name, a file. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Process exit codes of the `vargen` command (documented in the README). */
export const ExitCode = {
  ok: 0,
  mismatch: 1,
  usage: 2,
  input: 3,
  doesNotFit: 4,
  missingTool: 5,
  internal: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Thrown for bad input anywhere in vargen; the command line prints the problems without a stack trace. */
export class VargenError extends Error {
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;

  constructor(problems: readonly Problem[], exitCode: ExitCode = ExitCode.input) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "VargenError";
    this.problems = problems;
    this.exitCode = exitCode;
  }
}

/** One line for a problem: `code path: message (hint)`. */
export function formatProblem(problem: Problem): string {
  const hint = problem.hint === undefined ? "" : ` (${problem.hint})`;
  return `${problem.code} ${problem.path}: ${problem.message}${hint}`;
}
