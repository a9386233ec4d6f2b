import type { IdleSpan } from "../timing.ts";

/** What the array's idle cycles are put down to, in the order of their numbers; load waits by what the load engine has under way. */
const causes = ["noCommand", "waitOther", "waitWeights", "waitFeatures", "waitCompute", "waitStore"] as const;
export const NO_COMMAND = causes.indexOf("noCommand");
export const WAIT_LOAD = causes.indexOf("waitOther");
export const WAIT_COMPUTE = causes.indexOf("waitCompute");
export const WAIT_STORE = causes.indexOf("waitStore");

/** What the load engine has under way: nothing, words (weights, parameters, tables), features; added to {@link WAIT_LOAD}. */
export const NOTHING = 0;
export const WORDS = 1;
export const FEATURES = 2;

/** The array's idle cycles in order. */
export class IdleLog {
  readonly spans: { cause: IdleSpan["cause"]; from: number; to: number }[] = [];
  readonly #counts = new Float64Array(causes.length);
  #last = -1;

  /** Adds cycles that follow those before, or a time in which the array was fed. */
  add(from: number, cycles: number, cause: number): void {
    this.#counts[cause] += cycles;
    const span = this.spans[this.spans.length - 1];
    if (cause === this.#last && span.to === from) span.to += cycles;
    else {
      this.spans.push({ cause: causes[cause], from, to: from + cycles });
      this.#last = cause;
    }
  }

  /** Cycles in all. */
  of(cause: IdleSpan["cause"]): number {
    return this.#counts[causes.indexOf(cause)];
  }
}
