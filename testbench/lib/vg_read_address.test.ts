import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";
import { modulo } from "./pointer-model.ts";

const DEPTH = 4096;

describe.each([1, 7, 15])("vg_read_address with P %i", (P) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_read_address", { P, DEPTH });
  });

  it("addresses each lane's column in its bank after two cycles, checks it, and says which lanes exist after four", () => {
    const random = new Random(P);
    const dut = model.instantiate({ seed: 3 });
    const set = (name: string, value: number) => dut.port(`${name}_i`).set(value);
    const get = (name: string) => dut.port(`${name}_o`).get();
    const addresses = new Map<number, ReadonlyMap<number, number>>(); // of each bank, by the cycle they are due in
    const errors = new Map<number, number>(); // addresses reported, by the cycle
    const lanes = new Map<number, Readonly<Record<"lane_valid" | "rot" | "stride2" | "zero", number>>>();
    let line1 = 0;
    let tails = 0; // errors behind the start of a line
    for (let cycle = 0; cycle < 8_000; cycle++) {
      const beat = random.integer(0, 1);
      const [rowValid, stride2, zero] = [random.integer(0, 1), random.integer(0, 1), random.integer(0, 255)];
      const wide = random.real() < 0.2;
      const column = wide ? random.integer(-300, 32_000) : random.integer(-20, 60);
      const width = wide ? random.integer(1, 32_767) : random.integer(1, 60);
      const offset = random.integer(0, random.real() < 0.5 ? 100 : 0xffff);
      const row = modulo(
        (random.real() < 0.3 ? DEPTH + random.integer(-5, 2) : random.integer(0, 0xffff)) - offset,
        65536,
      );
      const [word, rot] = [Math.floor(column / P), modulo(column, P)];
      set("beat1", beat);
      set("row", row);
      set("row_valid", rowValid);
      set("offset", offset);
      set("column", column);
      set("word", word);
      set("rot", rot);
      set("stride2", stride2);
      set("width", width);
      set("zero", zero);
      dut.eval();

      const line = (row + offset) & 0xffff;
      const what = (name: string) => () => `cycle ${cycle}, ${name}`;
      const error = beat === 1 ? errors.get(cycle) : undefined;
      expectEqual(get("error"), Number(error !== undefined), what("error_o"));
      if (error !== undefined) expectEqual(get("error_addr"), error, what("error_addr_o"));
      tails += Number(error !== undefined && line1 < DEPTH);
      line1 = line;
      for (const [bank, address] of addresses.get(cycle) ?? []) {
        expectEqual(dut.port("bank_addr_o").getBits(16 * bank, 16), address, what(`bank ${bank}`));
      }
      for (const [name, value] of Object.entries(lanes.get(cycle) ?? {})) expectEqual(get(name), value, what(name));

      const columns = Array.from({ length: P }, (_, lane) => column + (1 + stride2) * lane);
      const words = columns.map((c) => [modulo(c, P), modulo(line + Math.floor(c / P), 65536)] as const);
      addresses.set(cycle + 2, new Map(words));
      const exists = columns.map((c) => rowValid === 1 && c >= 0 && c < width);
      const valid = exists.reduce((mask, each, lane) => mask + Number(each) * 2 ** lane, 0);
      // The first of the words that are read and lie outside, or else the line's start.
      const read = columns.filter((_, lane) => exists[lane]).map((c) => line + Math.floor(c / P));
      const outside = [...(rowValid === 1 ? [line] : []), ...read].filter((address) => address >= DEPTH);
      if (outside.length > 0) errors.set(cycle + 1, outside[0]);
      lanes.set(cycle + 4, { lane_valid: valid, rot, stride2, zero });
      dut.tick();
    }
    expect(tails).toBeGreaterThan(50);
  });
});
