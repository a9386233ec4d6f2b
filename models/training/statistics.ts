/** Of every test image whether a network classified it correctly. */
export type Outcomes = readonly boolean[];

/** A share or difference of shares in percent (points), with the half-width of its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly margin: number;
}

/** Half-widths of normal 95 % intervals in standard deviations. */
const deviations = 1.96;

/** Accuracy in percent with its binomial interval: how far another draw of as many test images might take it. */
export function accuracy(outcomes: Outcomes): Estimate {
  const share = outcomes.filter((right) => right).length / outcomes.length;
  return { value: 100 * share, margin: 100 * deviations * Math.sqrt((share * (1 - share)) / outcomes.length) };
}

/**
 * Accuracy of `a` minus that of `b` in points. Both saw the same images, so only those count that one of them got right
 * (McNemar): the interval is narrower than those of the accuracies. Another training seed is not in it.
 */
export function difference(a: Outcomes, b: Outcomes): Estimate {
  const onlyA = a.filter((right, i) => right && !b[i]).length;
  const onlyB = b.filter((right, i) => right && !a[i]).length;
  const variance = onlyA + onlyB - (onlyA - onlyB) ** 2 / a.length;
  return {
    value: (100 * (onlyA - onlyB)) / a.length,
    margin: (100 * deviations * Math.sqrt(variance)) / a.length,
  };
}

/** The estimate as text, such as `+0.31 ± 0.25`. */
export function formatEstimate({ value, margin }: Estimate, signed = false): string {
  return `${signed && value >= 0 ? "+" : ""}${value.toFixed(2)} ± ${margin.toFixed(2)}`;
}
