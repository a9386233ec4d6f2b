import { beforeAll, describe, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

describe.each([
  { G: 8, P: 7 },
  { G: 4, P: 15 },
  { G: 16, P: 1 },
])("vg_lane_select with G $G, P $P", ({ G, P }) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_lane_select", { G, P });
  });

  it("gives lane p the word of bank (rot + stride * p) mod P, or the zero point, after two cycles", () => {
    const random = new Random(1);
    const dut = model.instantiate({ seed: 3 });
    const port = (name: string) => dut.port(name);
    const due: (readonly number[])[] = [];
    for (let cycle = 0; cycle < 3000; cycle++) {
      dut.eval();
      const expected = cycle < 2 ? undefined : due[cycle - 2];
      if (expected !== undefined) {
        expectEqual(port("lane_data_o").getLanes(8, false).join(), expected.join(), () => `cycle ${cycle}`);
      }
      const banks = Array.from({ length: P }, () => Array.from({ length: G }, () => random.integer(0, 255)));
      const [rot, stride, zero] = [random.integer(0, P - 1), random.integer(1, 2), random.integer(0, 255)];
      const exists = Array.from({ length: P }, () => random.real() < 0.8);
      port("bank_data_i").setLanes(8, banks.flat());
      port("rot_i").set(rot);
      port("stride2_i").set(stride - 1);
      port("zero_i").set(zero);
      port("lane_valid_i").setBits(
        0,
        P,
        exists.reduce((mask, each, lane) => mask + Number(each) * 2 ** lane, 0),
      );
      due.push(exists.flatMap((each, lane) => (each ? banks[(rot + stride * lane) % P] : Array<number>(G).fill(zero))));
      dut.tick();
    }
  });
});
