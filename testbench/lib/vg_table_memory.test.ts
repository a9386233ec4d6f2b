import { beforeAll, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

const LANES = 3;

let model: CompiledModel;
beforeAll(async () => {
  model = await buildModule("vg_table_memory", { LANES });
});

it("gives every lane its own entries of the chosen bank after two cycles", () => {
  const random = new Random(1);
  const dut = model.instantiate({ seed: 2 });
  const port = (name: string) => dut.port(name);
  const entry = () => random.integer(0, 2 ** 36 - 1);
  const tables = { a: Array.from({ length: 512 }, entry), b: Array.from({ length: 512 }, entry) };
  // The two tables are written apart or together.
  for (let address = 0; address < 512; address++) {
    const together = address % 3 === 0;
    port("waddr_i").set(address);
    for (const enabled of together ? ["ab"] : ["a", "b"]) {
      for (const name of ["a", "b"] as const) {
        port(`we_${name}_i`).set(Number(enabled.includes(name)));
        port(`wdata_${name}_i`).set(enabled.includes(name) ? tables[name][address] : 0);
      }
      dut.tick();
    }
  }
  port("we_a_i").set(0);
  port("we_b_i").set(0);
  const due: Readonly<Record<"a" | "b", readonly bigint[]>>[] = [];
  for (let cycle = 0; cycle < 2000; cycle++) {
    if (cycle >= 2) {
      for (const name of ["a", "b"] as const) {
        const data = port(`data_${name}_o`).getBig();
        due[cycle - 2][name].forEach((expected, lane) => {
          const actual = BigInt.asUintN(36, data >> BigInt(36 * lane));
          expectEqual(actual, expected, () => `cycle ${cycle}, table ${name}, lane ${lane}`);
        });
      }
    }
    const bank = random.integer(0, 1);
    const indices = () => Array.from({ length: LANES }, () => random.integer(0, 255));
    const [a, b] = [indices(), indices()];
    port("re_i").set(1);
    port("bank_i").set(bank);
    port("index_a_i").setLanes(8, a);
    port("index_b_i").setLanes(8, b);
    due.push({
      a: a.map((index) => BigInt(tables.a[256 * bank + index])),
      b: b.map((index) => BigInt(tables.b[256 * bank + index])),
    });
    dut.tick();
  }
});
