import type { Problem } from "../../models/errors.ts";

/** The result of one check of one configuration. */
export interface LintCheck {
  /** What was checked, e.g. `verilator -Wall`. */
  readonly name: string;
  /** Empty when the check passed. */
  readonly problems: readonly Problem[];
  /** Why the check did not run; then `problems` is empty. */
  readonly skipped?: string;
  /** Measured figures by name: cells of each type. */
  readonly figures?: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** All checks of one configuration. */
export interface LintReport {
  readonly config: string;
  readonly checks: readonly LintCheck[];
}

/** Whether every check that ran passed. */
export function lintPassed({ checks }: LintReport): boolean {
  return checks.every(({ problems }) => problems.length === 0);
}

/** Runs `body` as the check `name` and measures its time. */
export async function timed(
  name: string,
  body: () => Promise<Omit<LintCheck, "name" | "seconds">>,
): Promise<LintCheck> {
  const start = performance.now();
  const result = await body();
  return { name, ...result, seconds: (performance.now() - start) / 1000 };
}
