import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requantize } from "../../models/arithmetic/index.ts";
import { expandScale } from "./expand-scale.ts";
import { ACCUMULATOR_LIMIT, hardwareRequantize, requantizer } from "./hardware.ts";

const WIDE = 2 ** 31;
const mantissas = fc.integer({ min: 2 ** 23, max: 2 ** 24 - 1 });
/** Float32 scales that the hardware takes exactly: 2^-24 up to 16. */
const scales = fc.tuple(mantissas, fc.integer({ min: -47, max: -20 })).map(([m, e]) => m * 2 ** e);
const accumulators = fc.oneof(
  fc.integer({ min: -ACCUMULATOR_LIMIT, max: ACCUMULATOR_LIMIT }),
  fc.integer({ min: -600, max: 600 }),
  fc.constantFrom(2 ** 24 + 1, 2 ** 24 + 3, 2 ** 25 + 2, 2 ** 25 + 6, ACCUMULATOR_LIMIT, -ACCUMULATOR_LIMIT),
);

/** An accumulator whose product with the scale lies as near k + 1/2 as accumulators allow, or a few off. */
const nearTies = fc
  .tuple(scales, fc.integer({ min: -300, max: 300 }), fc.integer({ min: -2, max: 2 }))
  .map(([scale, k, off]) => ({ scale, acc: Math.round((k + 0.5) / scale) + off }))
  .filter(({ acc }) => Math.abs(acc) <= ACCUMULATOR_LIMIT);

/** A scale that puts acc * scale within an ulp or so of k + 1/2. */
const tieScales = fc
  .tuple(
    fc.integer({ min: 1, max: ACCUMULATOR_LIMIT }),
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: -3, max: 3 }),
  )
  .map(([acc, k, off]) => {
    const ideal = Math.fround((k + 0.5) / acc);
    return { acc, scale: ideal + off * 2 ** (Math.floor(Math.log2(ideal)) - 23) };
  })
  .filter(({ scale }) => scale >= 2 ** -24 && scale < 16 && Math.fround(scale) === scale);

function check(acc: number, scale: number): void {
  const factor = expandScale(scale, ACCUMULATOR_LIMIT);
  expect(factor).toBeDefined();
  if (factor === undefined) return;
  const expected = requantize(acc, scale, 5, -WIDE, WIDE);
  expect(hardwareRequantize(acc, 0, factor, 5, -WIDE, WIDE)).toBe(expected);
  expect(requantizer(factor)(acc - 77, 77, 5, -WIDE, WIDE)).toBe(expected);
}

describe("hardware requantiser", () => {
  it("equals the reference on random accumulators and scales", () => {
    fc.assert(fc.property(accumulators, scales, check), { seed: 2, numRuns: 20000 });
  });

  it("equals the reference near ties", () => {
    const cases = fc.oneof(nearTies, tieScales);
    fc.assert(
      fc.property(cases, fc.boolean(), ({ acc, scale }, negative) => check(negative ? -acc : acc, scale)),
      { seed: 3, numRuns: 20000 },
    );
  });

  it("rounds values within half a float32 ulp of k + 1/2 to the even integer", () => {
    const at = (mantissa: bigint): number => hardwareRequantize(1, 0, mantissa, 0, -WIDE, WIDE);
    const half = 1n << 46n;
    expect([at(half), at(half - (1n << 21n)), at(half - (1n << 21n) - 1n)]).toEqual([0, 0, 0]);
    expect([at(half + (1n << 22n)), at(half + (1n << 22n) + 1n)]).toEqual([0, 1]);
    const three = 3n << 46n; // 1.5: half an ulp is 2^-24
    expect([at(three), at(three - (1n << 23n)), at(three - (1n << 23n) - 1n)]).toEqual([2, 2, 1]);
    const five = 5n << 46n; // 2.5
    expect([at(five), at(five + (1n << 24n)), at(five + (1n << 24n) + 1n)]).toEqual([2, 2, 3]);
  });

  it("clamps and adds the zero point", () => {
    const one = 1n << 47n;
    expect(hardwareRequantize(1000, 0, one, -3, -128, 127)).toBe(127);
    expect(hardwareRequantize(-1000, 0, one, -3, -100, 127)).toBe(-100);
    expect(hardwareRequantize(10, -4, one, -3, -128, 127)).toBe(3);
  });
});

describe("expandScale", () => {
  it("refuses scales from 16 up", () => {
    expect(expandScale(16, 1000)).toBeUndefined();
    expect(expandScale(Math.fround(15.999999), 1000)).toBe(BigInt(Math.fround(15.999999) * 2 ** 47));
  });

  it("finds factors for small scales that hold over every accumulator of a short range", () => {
    const small = fc.tuple(mantissas, fc.integer({ min: -60, max: -48 })).map(([m, e]) => m * 2 ** e);
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: ACCUMULATOR_LIMIT }), (scale, bound) => {
        const factor = expandScale(scale, bound);
        if (factor === undefined) return;
        const step = Math.max(1, Math.floor(bound / 50));
        for (let acc = -bound; acc <= bound; acc += step)
          expect(hardwareRequantize(acc, 0, factor, 0, -WIDE, WIDE)).toBe(requantize(acc, scale, 0, -WIDE, WIDE));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it("holds on every accumulator around the steps", () => {
    const bound = 2 ** 24;
    let found = 0;
    for (let i = 0; i < 40; i++) {
      const scale = Math.fround((1 + i / 40) * 2 ** -25);
      const factor = expandScale(scale, bound);
      if (factor === undefined) continue;
      found++;
      for (let off = -60; off <= 60; off++) {
        const acc = Math.min(bound, Math.round(0.5 / scale) + off);
        expect(hardwareRequantize(acc, 0, factor, 0, -WIDE, WIDE)).toBe(requantize(acc, scale, 0, -WIDE, WIDE));
      }
    }
    expect(found).toBeGreaterThan(20);
  });
});
