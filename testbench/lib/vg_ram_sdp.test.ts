import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

describe.each([
  { SLICE_BITS: 32, SLICES: 3, DEPTH: 10, ADDR_BITS: 4 },
  { SLICE_BITS: 36, SLICES: 1, DEPTH: 16, ADDR_BITS: 4 },
])("vg_ram_sdp of $SLICES x $SLICE_BITS bits", ({ SLICE_BITS, SLICES, DEPTH, ADDR_BITS }) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_ram_sdp", { SLICE_BITS, SLICES, DEPTH, ADDR_BITS });
  });

  it("writes the enabled slices and reads whole words after two cycles", () => {
    const random = new Random(1);
    const dut = model.instantiate({ seed: 2 });
    const memory: (number | undefined)[][] = Array.from({ length: DEPTH }, () => Array(SLICES).fill(undefined));
    const unknown = Array<number | undefined>(SLICES).fill(undefined);
    let [read, shown] = [unknown, unknown];
    let compared = 0;
    for (let cycle = 0; cycle < 3000; cycle++) {
      const output = dut.port("rdata_o").getBig();
      shown.forEach((slice, i) => {
        if (slice === undefined) return;
        const actual = BigInt.asUintN(SLICE_BITS, output >> BigInt(SLICE_BITS * i));
        expectEqual(actual, BigInt(slice), () => `cycle ${cycle}, slice ${i}`);
        compared++;
      });
      shown = read;
      const [write, readEnable] = [random.integer(0, DEPTH - 1), random.real() < 0.7];
      const enables = random.integer(0, 2 ** SLICES - 1);
      const data = random.integer(0, 2 ** SLICE_BITS - 1);
      // A word read while it is written is undefined; keep the two apart.
      const other = (write + random.integer(1, DEPTH - 1)) % DEPTH;
      dut.port("we_i").set(enables);
      dut.port("waddr_i").set(write);
      dut.port("wdata_i").set(data);
      dut.port("re_i").set(Number(readEnable));
      dut.port("raddr_i").set(other);
      if (readEnable) read = [...memory[other]];
      memory[write] = memory[write].map((slice, i) => ((enables >> i) & 1 ? data : slice));
      dut.tick();
    }
    expect(compared).toBeGreaterThan(2000);
  });
});
