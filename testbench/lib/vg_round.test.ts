import { beforeAll, describe, expect, it } from "vitest";
import { addRounded32, roundHalfEven } from "../../models/arithmetic/index.ts";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

/** The number floor + frac * 2^-FRAC, which a float64 may not hold. */
interface Fixed {
  readonly floor: number;
  readonly frac: number;
}

// The two uses, and the narrowest fraction that needs no padding.
describe.each([
  { INT_BITS: 33, FRAC: 47 },
  { INT_BITS: 12, FRAC: 25 },
  { INT_BITS: 11, FRAC: 26 },
])("vg_round with $INT_BITS integer and $FRAC fraction bits", ({ INT_BITS, FRAC }) => {
  const one = 2 ** FRAC;
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_round", { INT_BITS, FRAC });
  });

  function compare(values: readonly Fixed[]): void {
    const dut = model.instantiate({ seed: 1 });
    const [int, frac, k, enable] = [dut.port("int_i"), dut.port("frac_i"), dut.port("k_o"), dut.port("en_i")];
    values.forEach((value, i) => {
      int.set(value.floor);
      frac.set(value.frac);
      enable.set(1);
      dut.tick();
      const actual = k.getSigned();
      const what = () => `${value.floor} + ${value.frac} * 2^-${FRAC}`;
      const expected = roundHalfEven(addRounded32(value.floor, value.frac / one));
      if (value.floor >= -256 && value.floor < 256) expectEqual(actual, expected === 0 ? 0 : expected, what);
      // Beyond, only the sign and a magnitude that saturates matter.
      else expectEqual(Math.abs(actual) >= 255 && actual < 0 === value.floor < 0, true, what);
      if (i % 16 !== 0) return;
      enable.set(0);
      int.set(i);
      dut.tick();
      expectEqual(k.getSigned(), actual, () => "k_o while not enabled");
    });
  }

  it("rounds to float32 and then half-even, at random and around every tie", () => {
    const random = new Random(1);
    const values: Fixed[] = [];
    const limit = 2 ** (INT_BITS - 1);
    /** floor + frac, where frac may lie outside [0, 1). */
    const put = (floor: number, frac: number) => {
      const carry = Math.floor(Math.round(frac) / one);
      const whole = Math.max(-limit, Math.min(limit - 1, floor + carry));
      values.push({ floor: whole, frac: Math.round(frac) - carry * one });
    };
    for (let i = 0; i < 40_000; i++) {
      const magnitude = 2 ** (random.real() * (INT_BITS + 2) - 3);
      const sign = random.real() < 0.5 ? -1 : 1;
      put(Math.floor(sign * magnitude), random.real() * one);
    }
    for (let k = -300; k <= 300; k++) {
      const put2 = (distance: number) => put(k, one / 2 + distance);
      for (let j = -26; j <= -16; j++) {
        // The bands of all binades: their ends and one beyond.
        for (const sign of [-1, 1]) for (const d of [-1, 0, 1]) put2(sign * Math.max(1, one * 2 ** j) + d);
      }
      for (let d = -3; d <= 3; d++) put2(d);
      for (let i = 0; i < 20; i++) put2((random.real() - 0.5) * one * 2 ** -14);
    }
    compare(values);
    expect(values.length).toBeGreaterThan(90_000);
  });
});
