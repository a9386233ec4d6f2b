import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

describe.each([
  { AXI_BITS: 64, WORD_BITS: 256, DEPTH: 50 },
  { AXI_BITS: 128, WORD_BITS: 128, DEPTH: 16 },
])("vg_word_memory of $WORD_BITS bits behind a bus of $AXI_BITS", ({ AXI_BITS, WORD_BITS, DEPTH }) => {
  const slices = WORD_BITS / AXI_BITS;
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_word_memory", { AXI_BITS, WORD_BITS, DEPTH });
  });

  it("assembles words from beats in any order and reads them whole after two cycles", () => {
    const random = new Random(3);
    const dut = model.instantiate({ seed: 2 });
    const port = (name: string) => dut.port(name);
    const beats = new Map<number, readonly number[]>();
    const whole = (word: number) => Array.from({ length: slices }, (_, slice) => beats.get(word * slices + slice));
    const due = new Map<number, readonly number[]>();
    for (let cycle = 0; cycle < 4000; cycle++) {
      const expected = due.get(cycle);
      if (expected !== undefined) {
        expectEqual(port("rdata_o").getLanes(32, false).join(), expected.join(), () => `cycle ${cycle}`);
      }
      const [word, slice] = [random.integer(0, DEPTH - 1), random.integer(0, slices - 1)];
      const beat = Array.from({ length: AXI_BITS / 32 }, () => random.integer(0, 2 ** 32 - 1));
      const write = random.real() < 0.7;
      port("we_i").set(Number(write));
      port("waddr_i").set(word);
      port("wslice_i").set(slice);
      port("wdata_i").setBig(beat.reduceRight((value, part) => (value << 32n) | BigInt(part), 0n));
      const read = (word + random.integer(1, DEPTH - 1)) % DEPTH;
      port("re_i").set(1);
      port("raddr_i").set(read);
      const parts = whole(read);
      if (parts.every((part) => part !== undefined)) due.set(cycle + 2, parts.flat());
      if (write) beats.set(word * slices + slice, beat);
      dut.tick();
    }
    expect(due.size).toBeGreaterThan(2000);
  });
});
