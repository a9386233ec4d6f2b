import { type Problem, VargenError } from "../errors.ts";

/** What some work finds wrong with its input; none where it succeeds. Other errors, which are bugs, are thrown on. */
export function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof VargenError) return error.problems;
    throw error;
  }
  return [];
}
