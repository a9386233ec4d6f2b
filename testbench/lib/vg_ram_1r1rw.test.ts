import { beforeAll, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

const [BYTES, DEPTH] = [4, 10]; // a depth that is no power of two

let model: CompiledModel;
beforeAll(async () => {
  model = await buildModule("vg_ram_1r1rw", { BYTES, DEPTH, ADDR_BITS: 4 });
});

it("reads on both ports after two cycles, writes the enabled bytes, and keeps the last word without a read", () => {
  const random = new Random(1);
  const dut = model.instantiate({ seed: 2 });
  const set = (name: string, value: number) => dut.port(name).set(value);
  const memory: (number | undefined)[][] = Array.from({ length: DEPTH }, () => Array(BYTES).fill(undefined));
  // The word in each port's first register now, and what its output must show: bytes, undefined if not known.
  const read = {
    a: Array<number | undefined>(BYTES).fill(undefined),
    b: Array<number | undefined>(BYTES).fill(undefined),
  };
  const shown = { a: read.a, b: read.b };
  let compared = 0;
  for (let cycle = 0; cycle < 5000; cycle++) {
    for (const name of ["a", "b"] as const) {
      shown[name].forEach((byte, i) => {
        if (byte === undefined) return;
        expectEqual(
          dut.port(`${name}_data_o`).getBits(8 * i, 8),
          byte,
          () => `cycle ${cycle}, port ${name}, byte ${i}`,
        );
        compared++;
      });
      shown[name] = read[name];
    }
    const [enableA, enableB] = [random.real() < 0.6, random.real() < 0.8];
    const [a, b] = [random.integer(0, DEPTH - 1), random.integer(0, DEPTH - 1)];
    const enables = random.real() < 0.5 ? 0 : random.integer(1, 2 ** BYTES - 1);
    const data = Array.from({ length: BYTES }, () => random.integer(0, 255));
    set("a_en_i", Number(enableA));
    set("a_addr_i", a);
    set("b_en_i", Number(enableB));
    set("b_addr_i", b);
    set("b_we_i", enables);
    dut.port("b_data_i").setLanes(8, data);
    // A word read on one port while the other writes it is undefined.
    const collides = enableB && enables !== 0 && a === b;
    if (enableA) read.a = collides ? Array(BYTES).fill(undefined) : [...memory[a]];
    if (enableB && enables === 0) read.b = [...memory[b]];
    if (enableB) memory[b] = memory[b].map((byte, i) => ((enables >> i) & 1 ? data[i] : byte));
    dut.tick();
  }
  expect(compared).toBeGreaterThan(10_000);
});
