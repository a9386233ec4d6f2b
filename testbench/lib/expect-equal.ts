/**
 * A cheap `expect(actual).toBe(expected)` for inner loops.
 * @throws Error naming what differs, when it differs
 */
export function expectEqual<T>(actual: T, expected: T, what: () => string): void {
  if (actual !== expected) throw new Error(`${what()}: ${String(actual)}, expected ${String(expected)}`);
}
