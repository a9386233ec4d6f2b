import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRounded32, fma32, roundHalfEven } from "./float32.ts";

/** A finite float64 as an exact integer numerator over 2^1100. */
function exact(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 2047n);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const magnitude = mantissa << BigInt(Math.max(exponent, 1) - 1075 + 1100);
  return bits >> 63n === 1n ? -magnitude : magnitude;
}

/** Whether `y` is the float32 nearest to numerator / 2^2200, and the even one of two equally near. */
function isNearest(y: number, numerator: bigint): boolean {
  const distance = (z: number) => {
    const d = (exact(z) << 1100n) - numerator;
    return d < 0n ? -d : d;
  };
  const [int, float] = [new Int32Array(1), new Float32Array(1)];
  const bits = new Int32Array(float.buffer);
  float[0] = y;
  int[0] = bits[0];
  const neighbours =
    y === 0
      ? [2 ** -149, -(2 ** -149)]
      : [-1, 1].map((step) => {
          bits[0] = int[0] + step;
          return float[0];
        });
  const own = distance(y);
  return neighbours.every((z) => {
    const other = distance(z);
    return own < other || (own === other && (int[0] & 1) === 0);
  });
}

const float32 = fc.double({ min: -(2 ** 30), max: 2 ** 30, noNaN: true }).map(Math.fround);
/** Floats of few significant bits, whose sums fall on ties. */
const short = fc
  .tuple(fc.integer({ min: -4096, max: 4096 }), fc.integer({ min: -40, max: 24 }))
  .map(([mantissa, exponent]) => mantissa * 2 ** exponent);

describe("fma32", () => {
  it("is the nearest float32 of the exact value, ties to even", () => {
    const operand = fc.oneof(float32, short, fc.integer({ min: -255, max: 255 }));
    fc.assert(
      fc.property(operand, operand, operand, (a, b, c) =>
        isNearest(fma32(a, b, c), exact(a) * exact(b) + (exact(c) << 1100n)),
      ),
      { seed: 1, numRuns: 20_000 },
    );
  });

  it("does not round twice", () => {
    // 1 + 2^-24 is a tie in float32; 2^-80 breaks it upwards but is lost in a float64 sum.
    expect(Math.fround(1 + 2 ** -24 + 2 ** -80)).toBe(1);
    expect(addRounded32(1 + 2 ** -24, 2 ** -80)).toBe(1 + 2 ** -23);
    expect(addRounded32(1 + 3 * 2 ** -24, -(2 ** -80))).toBe(1 + 2 ** -23);
    expect(addRounded32(-1 - 2 ** -24, -(2 ** -80))).toBe(-1 - 2 ** -23);
  });
});

describe("roundHalfEven", () => {
  it("sends ties to the even integer", () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2 ** 23 + 0.5].map((x) => roundHalfEven(x) + 0)).toEqual([
      -2,
      -2,
      0,
      0,
      2,
      2,
      2 ** 23,
    ]);
  });

  it("is within a half of its argument and keeps integers", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
        const y = roundHalfEven(x);
        return Number.isInteger(y) && Math.abs(y - x) <= 0.5;
      }),
      { seed: 2 },
    );
  });
});
