import { beforeAll, describe, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

describe.each([
  { WIDTH: 1, STAGES: 1 },
  { WIDTH: 53, STAGES: 14 },
])("vg_delay of $WIDTH bits by $STAGES", ({ WIDTH, STAGES }) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_delay", { WIDTH, STAGES });
  });

  it("gives every value back after that many cycles", () => {
    const random = new Random(1);
    const dut = model.instantiate();
    const values = Array.from({ length: 500 }, () => random.integer(0, 2 ** WIDTH - 1));
    values.forEach((value, cycle) => {
      if (cycle >= STAGES) expectEqual(dut.port("q_o").get(), values[cycle - STAGES], () => `cycle ${cycle}`);
      dut.port("d_i").set(value);
      dut.tick();
    });
  });
});
