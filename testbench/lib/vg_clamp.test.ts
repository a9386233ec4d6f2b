import { beforeAll, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

let model: CompiledModel;
beforeAll(async () => {
  model = await buildModule("vg_clamp");
});

it("adds the zero point and clamps, for every k and z and bounds at their corners", () => {
  const dut = model.instantiate();
  const [k, z, lo, hi, q] = ["k_i", "z_i", "lo_i", "hi_i", "q_o"].map((name) => dut.port(name));
  for (const [low, high] of [
    [-128, 127],
    [-128, -128],
    [127, 127],
    [-7, 93],
    [0, 127],
    [-128, 0],
  ]) {
    lo.set(low);
    hi.set(high);
    for (let each = -512; each <= 511; each++) {
      k.set(each);
      for (let zero = -128; zero <= 127; zero++) {
        z.set(zero);
        dut.eval();
        const expected = Math.min(high, Math.max(low, each + zero));
        expectEqual(q.getSigned(), expected, () => `clamp(${each} + ${zero}, ${low}, ${high})`);
      }
    }
  }
});
