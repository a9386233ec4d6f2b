/** Units in the last place that an entry may be moved before the search is given up. */
const FARTHEST = 4096;

/**
 * Moves integers a[i] and b[j] as little as it can until `lower[n*i+j] <= a[i] + b[j] <= upper[n*i+j]` holds for every
 * pair, with both in [lowest, highest].
 *
 * These are difference constraints in a and -b: lowering a value whenever a constraint demands it (Bellman and Ford)
 * reaches a solution if there is one. It ends only after a sweep in which all constraints held.
 *
 * @returns whether it succeeded; the arrays are changed in place
 */
export function settle(
  a: Float64Array,
  b: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  lowest: number,
  highest: number,
): boolean {
  const n = b.length;
  const floor = a.map((value) => Math.max(lowest, value - FARTHEST));
  const ceiling = b.map((value) => Math.min(highest, value + FARTHEST));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < n; j++) {
        if (a[i] + b[j] > upper[n * i + j]) {
          a[i] = upper[n * i + j] - b[j];
          changed = true;
        }
        if (a[i] + b[j] < lower[n * i + j]) {
          b[j] = lower[n * i + j] - a[i];
          changed = true;
        }
      }
      if (a[i] < floor[i]) return false;
    }
    if (b.some((value, j) => value > ceiling[j])) return false;
  }
  return true;
}
