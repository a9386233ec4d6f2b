import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { VargenError } from "../../models/errors.ts";
import { type BuildProgress, buildModel, type CompiledModel, recordInputs, sourcesFromFiles } from "./index.ts";
import { ModelExit } from "./wasi-host.ts";

const sources = sourcesFromFiles([fileURLToPath(new URL("../fixtures/counter.v", import.meta.url))]);

function verilog(text: string) {
  return { top: "dut", sources: [{ name: "dut.v", text }], optimize: "quick" } as const;
}

describe("ports", () => {
  let counter: CompiledModel;
  beforeAll(async () => {
    counter = await buildModel({ top: "counter", sources, optimize: "quick" });
  });

  it("lists names, directions and widths", () => {
    expect(counter.ports).toContainEqual({ name: "addr_i", direction: "in", width: 40 });
    expect(counter.ports).toContainEqual({ name: "wide_o", direction: "out", width: 100 });
  });

  it.each([
    ["half", 16],
    ["word", 32],
    ["addr", 40],
  ])("passes numbers through %s ports", (name, width) => {
    const dut = counter.instantiate();
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 40n), max: 1n << 40n }), (value) => {
        dut.port(`${name}_i`).set(Number(value));
        dut.eval();
        const expected = BigInt.asUintN(width, value + 1n);
        expect(dut.port(`${name}_o`).get()).toBe(Number(expected));
        expect(dut.port(`${name}_o`).getBig()).toBe(expected);
        expect(dut.port(`${name}_o`).getSigned()).toBe(Number(BigInt.asIntN(width, expected)));
      }),
      { seed: 11 },
    );
  });

  it("passes wide values whole, by lanes and by words", () => {
    const dut = counter.instantiate();
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 100n) - 1n }), fc.nat(96), (value, low) => {
        dut.port("wide_i").setBig(value);
        dut.tick();
        const output = dut.port("wide_o");
        const expected = BigInt.asUintN(100, ~value);
        expect(output.getBig()).toBe(expected);
        expect(output.getBits(low, 4)).toBe(Number((expected >> BigInt(low)) & 15n));
        expect(output.words[3]).toBe(Number(expected >> 96n));
        const lanes = output.getLanes(10, true);
        dut.port("wide_i").setLanes(10, lanes);
        expect(dut.port("wide_i").getBig()).toBe(expected);
      }),
      { seed: 12 },
    );
  });

  it("refuses what would be read wrongly", () => {
    const dut = counter.instantiate();
    expect(() => dut.port("wide_i").get()).toThrow(/getBig/);
    expect(() => dut.port("wide_i").getLanes(7, true)).toThrow(/does not divide/);
    expect(() => dut.port("nothing")).toThrow(/ports: clk_i/);
  });

  it("collects what the design prints", () => {
    const dut = counter.instantiate();
    dut.port("rst_ni").set(1);
    dut.port("en_i").set(1);
    dut.step(256);
    expect(dut.output).toBe("counter wraps at 255\n");
  });

  it("returns to a snapshot, in the same instance and in another", () => {
    const dut = counter.instantiate();
    dut.port("rst_ni").set(1);
    dut.port("en_i").set(1);
    dut.step(17);
    const snapshot = dut.snapshot();
    const run = (model: typeof dut) => {
      model.restore(snapshot);
      model.step(5);
      return [model.port("count_o").get(), model.cycle];
    };
    expect(run(dut)).toEqual([22, 22]);
    expect(run(dut)).toEqual([22, 22]);
    expect(run(counter.instantiate())).toEqual([22, 22]);
  });
});

describe("buildModel", () => {
  it("reports each error of Verilator with file and line, all at once", async () => {
    const text = "module dut(output wire a, output wire b);\n  assign a = x;\n  assign b = y;\nendmodule\n";
    const error = await buildModel(verilog(text)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(VargenError);
    const problems = error instanceof VargenError ? error.problems : [];
    expect(problems.map((problem) => problem.path)).toEqual(["dut.v:2", "dut.v:3"]);
    expect(problems[0].message).toContain("x");
  });

  it("keeps warnings with the model", async () => {
    const text = "module dut(input wire [7:0] a, output wire [3:0] b);\n  assign b = a;\nendmodule\n";
    const compiled = await buildModel(verilog(text));
    expect(compiled.warnings.map((warning) => [warning.code, warning.path])).toEqual([["verilator/width", "dut.v:2"]]);
  });

  it("passes parameters of any size, negative ones and strings", async () => {
    const text = `module dut #(parameter [99:0] WIDE = 0, parameter signed [31:0] LOW = 0, parameter NAME = "")
      (output wire [99:0] wide_o, output wire [31:0] low_o, output wire [23:0] name_o);
      assign wide_o = WIDE; assign low_o = LOW; assign name_o = NAME;
    endmodule`;
    const dut = (
      await buildModel({ ...verilog(text), parameters: { WIDE: 1n << 98n, LOW: -5, NAME: "abc" } })
    ).instantiate();
    expect(dut.port("wide_o").getBig()).toBe(1n << 98n);
    expect(dut.port("low_o").getSigned()).toBe(-5);
    expect(dut.port("name_o").get()).toBe(0x616263);
  });

  it("throws what the design printed when it ends the simulation", async () => {
    const text = `module dut(input wire clk_i, input wire stop_i);
      always @(posedge clk_i) if (stop_i) begin $display("stopping"); $finish; end
    endmodule`;
    const dut = (await buildModel(verilog(text))).instantiate();
    dut.tick();
    dut.port("stop_i").set(1);
    const end = () => {
      for (let index = 0; index < 3; index++) dut.tick();
    };
    expect(end).toThrow(ModelExit);
    expect(end).toThrow(/stopping/);
  });

  it("has no clock functions for combinational modules and names a missing clock", async () => {
    const text = "module dut(input wire a_i, output wire b_o);\n  assign b_o = !a_i;\nendmodule\n";
    const dut = (await buildModel(verilog(text))).instantiate();
    expect(dut.port("b_o").get()).toBe(1);
    expect(() => dut.tick()).toThrow(/no clock/);
    await expect(buildModel({ ...verilog(text), clock: "ck" })).rejects.toThrow(/no 1-bit input ck/);
  });

  it("takes a model from the cache the second time", async () => {
    const stages: BuildProgress["stage"][] = [];
    const onProgress = ({ stage }: BuildProgress) => stages.push(stage);
    await buildModel({ top: "counter", sources, optimize: "quick" }, { onProgress });
    expect(stages).toEqual(["ready"]);
  });
});

describe("replay", () => {
  const text = `module dut(input wire clk_i, input wire [3:0] add_i, input wire [99:0] wide_i, output reg [63:0] sum_o);
    always @(posedge clk_i) sum_o <= sum_o + add_i + wide_i[99:36];
  endmodule`;

  it("repeats a recording: equal state and, for equal outputs only, equal hashes", async () => {
    const compiled = await buildModel({ ...verilog(text), replay: true });
    const driven = compiled.instantiate();
    const recording = recordInputs(driven);
    for (let cycle = 0; cycle < 5000; cycle++) {
      driven.rise();
      driven.port("add_i").set(cycle);
      driven.port("wide_i").setBig(BigInt(cycle) << 40n);
      driven.fall();
    }
    const [first, second, third] = [compiled.instantiate(), compiled.instantiate(), compiled.instantiate()];
    const hash = first.replay(recording());
    expect(first.port("sum_o").getBig()).toBe(driven.port("sum_o").getBig());
    expect(first.cycle).toBe(5000);
    expect(second.replay(recording())).toBe(hash);
    const changed = recording().slice();
    changed[Math.floor(changed.length / 2)] ^= 1;
    expect(third.replay(changed)).not.toBe(hash);
  });

  it("says what is missing", async () => {
    const dut = (await buildModel(verilog(text))).instantiate();
    expect(() => dut.replay(new Uint8Array(17))).toThrow("replay: true");
  });
});
