import fc from "fast-check";
import { expect, it } from "vitest";
import { addTable, leadingOperand, rangeOf } from "../../models/arithmetic/index.ts";
import type { Quantization } from "../../models/ir/network.ts";
import { buildAddTables } from "./add-tables.ts";
import { hardwareResidual } from "./hardware.ts";

const cases = fc
  .tuple(
    fc.constantFrom<Quantization["dtype"]>("int8", "uint8"),
    fc.array(fc.double({ min: 0.001, max: 3.9, noNaN: true }), { minLength: 2, maxLength: 2 }),
    fc.double({ min: 1e-4, max: 10, noNaN: true }),
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }),
  )
  .map(([dtype, ratios, scale, zeros]) => {
    const { lo } = rangeOf(dtype);
    const make = (ratio: number, zero: number): Quantization => ({
      dtype,
      scale: Math.fround(scale * ratio),
      zeroPoint: lo + zero,
    });
    return { a: make(ratios[0], zeros[0]), b: make(ratios[1], zeros[1]), y: make(1, zeros[2]) };
  });

it("tables give ONNX Runtime's QLinearAdd on all operand pairs, whichever operand is computed", () => {
  let built = 0;
  fc.assert(
    fc.property(cases, fc.constantFrom<0 | 1>(0, 1), fc.constantFrom(1, 100), ({ a, b, y }, computed, elements) => {
      const tables = buildAddTables({ operands: [a, b], output: y, elements, computed });
      if (tables === undefined) return;
      built++;
      const lead = leadingOperand(elements);
      const expected = lead === 0 ? addTable(a, b, y) : addTable(b, a, y);
      const shift = y.dtype === "uint8" ? 128 : 0;
      for (let i = 0; i < 256; i++)
        for (let j = 0; j < 256; j++) {
          const value = hardwareResidual(tables.ta[i], tables.tb[j], tables.z2, tables.lo2, tables.hi2);
          const byte = expected[computed === lead ? 256 * i + j : 256 * j + i];
          if (((value + shift) & 255) !== byte) throw new Error(`${i} + ${j}: ${value + shift} for ${byte}`);
        }
    }),
    { seed: 5, numRuns: 150 },
  );
  expect(built).toBeGreaterThan(120);
});

it("refuses ratios whose terms do not fit 36 bits", () => {
  const wide: Quantization = { dtype: "uint8", scale: 100, zeroPoint: 0 };
  const narrow: Quantization = { dtype: "uint8", scale: 1, zeroPoint: 0 };
  expect(
    buildAddTables({ operands: [wide, { ...wide, zeroPoint: 255 }], output: narrow, elements: 9, computed: 0 }),
  ).toBe(undefined);
});
