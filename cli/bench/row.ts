/** A figure beside what is asked of it. */
export interface Figure {
  /** What was measured, on what. */
  readonly what: string;
  readonly value: number;
  /** How the value is written. */
  readonly unit: "percent" | "cycles" | "bytes" | "ratio" | "times" | "per second" | "seconds";
  /** The bound asked for, and on which side of it the value must be; undefined: reported only. */
  readonly target: { readonly at: "least" | "most" | "equal"; readonly value: number } | undefined;
  /** Undefined where nothing is asked. */
  readonly met: boolean | undefined;
  /** What the value consists of, or why it is what it is. */
  readonly note: string;
}

const meets = {
  least: (value: number, bound: number) => value >= bound,
  most: (value: number, bound: number) => value <= bound,
  equal: (value: number, bound: number) => value === bound,
} as const;

/** A figure with a target, judged. */
export function figure(
  what: string,
  unit: Figure["unit"],
  value: number,
  target?: Figure["target"],
  note = "",
): Figure {
  const met = target && meets[target.at](value, target.value);
  return { what, unit, value, target, met, note };
}

/** A target that a value must reach. */
export const least = (value: number): Figure["target"] => ({ at: "least", value });
/** A target that a value must not exceed. */
export const most = (value: number): Figure["target"] => ({ at: "most", value });
