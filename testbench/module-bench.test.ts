import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { VargenError } from "../models/errors.ts";
import type { CompiledModel } from "./engine/index.ts";
import { buildModule, moduleSources } from "./module-bench.ts";

const libraries = [fileURLToPath(new URL("fixtures", import.meta.url))];

describe("buildModule", () => {
  let counter: CompiledModel;
  beforeAll(async () => {
    counter = await buildModule("counter", { WIDTH: 4, WIDE: 70 }, { libraries });
  });

  it("counts enabled cycles after reset, for any enable pattern", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), fc.integer(), (enables, seed) => {
        const dut = counter.instantiate({ seed });
        const count = dut.port("count_o");
        dut.tick();
        dut.port("rst_ni").set(1);
        let expected = 0;
        for (const enable of enables) {
          dut.port("en_i").set(Number(enable));
          dut.tick();
          expected = (expected + Number(enable)) % 16;
          expect(count.get()).toBe(expected);
        }
      }),
      { seed: 1 },
    );
  });

  it("starts registers without reset at random values that follow from the seed", () => {
    const start = (seed: number) => {
      const dut = counter.instantiate({ seed });
      return dut.port("unreset_o").get();
    };
    const values = Array.from({ length: 8 }, (_, seed) => start(2 * seed));
    expect(new Set(values).size).toBeGreaterThan(2);
    expect(start(4)).toBe(start(4));
  });

  it("names the module when there is no such file", () => {
    expect(() => buildModule("vg_nothing", {}, { libraries })).toThrow(VargenError);
  });

  it("takes the files that a module instantiates, and no others", () => {
    expect(moduleSources("counter_pair", libraries).map((source) => source.name)).toEqual([
      "counter.v",
      "counter_pair.v",
    ]);
  });
});
