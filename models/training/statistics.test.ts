import { describe, expect, it } from "vitest";
import { accuracy, difference, formatEstimate } from "./statistics.ts";

/** `right` times true, then `wrong` times false. */
const outcomes = (right: number, wrong: number): boolean[] =>
  Array.from({ length: right + wrong }, (_, i) => i < right);

describe("accuracy", () => {
  it("has the binomial interval", () => {
    expect(formatEstimate(accuracy(outcomes(9400, 600)))).toBe("94.00 ± 0.47");
    expect(formatEstimate(accuracy(outcomes(5, 0)))).toBe("100.00 ± 0.00");
  });
});

describe("difference", () => {
  it("counts the images that one network alone got right", () => {
    const a = [...outcomes(60, 40), ...outcomes(800, 100)];
    const b = [...outcomes(0, 60), ...outcomes(40, 0), ...outcomes(800, 100)];
    const { value, margin } = difference(a, b);
    expect(value).toBeCloseTo(2, 9);
    expect(margin).toBeCloseTo((100 * 1.96 * Math.sqrt(100 - 0.4)) / 1000, 9);
    expect(formatEstimate(difference(a, b), true)).toBe("+2.00 ± 1.96");
    expect(formatEstimate(difference(b, a), true)).toBe("-2.00 ± 1.96");
  });

  it("of a network from itself is nothing", () => {
    expect(difference(outcomes(3, 1), outcomes(3, 1))).toEqual({ value: 0, margin: 0 });
  });
});
