import { describe, expect, test } from "vitest";
import { deriveFigures } from "../config/derived.ts";
import { presetNames, presets } from "../config/presets.ts";
import { icarusProblems, lintIcarus } from "./icarus.ts";
import { lastCellCounts, lintMapping, mappingProblems, memoryTargets } from "./mapping-check.ts";
import { lintRead } from "./read-check.ts";
import { lintPassed } from "./report.ts";
import { lintVerilator, verilatorProblems } from "./verilator.ts";
import { yosysProblems } from "./yosys.ts";

describe.each(presetNames)("%s", (name) => {
  test("verilator --lint-only -Wall is clean", async ({ skip }) => {
    const { problems, skipped } = await lintVerilator(presets[name]);
    skip(skipped !== undefined, skipped);
    expect(problems).toEqual([]);
  });

  test("Icarus elaborates it as Verilog-2005", async ({ skip }) => {
    const { problems, skipped } = await lintIcarus(presets[name]);
    skip(skipped !== undefined, skipped);
    expect(problems).toEqual([]);
  });

  test("the Yosys in the PATH reads it and finds no latch", async ({ skip }) => {
    const { problems, skipped } = await lintRead("native", presets[name]);
    skip(skipped !== undefined, skipped);
    expect(problems).toEqual([]);
  });
});

test("npm's Yosys reads the default preset and finds no latch", async () => {
  const check = await lintRead("npm", presets.g8m8p7);
  expect(check).toMatchObject({ problems: [] });
  expect(check.skipped).toBeUndefined();
});

test("the smallest preset's memories become block RAM and its multipliers DSPs", async () => {
  const check = await lintMapping(presets.g8m1p1, "mapping");
  expect(check).toMatchObject({ problems: [] });
  expect(check.figures?.DSP48E1).toBeGreaterThanOrEqual(4);
  const { RAMB36E1: whole = 0, RAMB18E1: half = 0 } = check.figures ?? {};
  expect(whole + half / 2).toBeLessThanOrEqual(deriveFigures(presets.g8m1p1).bram36);
});

const mappingLog = (memory: string, multiplier: string): string =>
  [
    "vargen-multipliers",
    multiplier,
    "vargen-multipliers",
    "mapping memory $paramod$12ab\\vg_ram_sdp.g_slice[0].mem via $__XILINX_BLOCKRAM_SDP_",
    "mapping memory $paramod$34cd\\vg_fifo.mem via $__XILINX_LUTRAM_SDP_",
    memory,
    "   Number of cells:                 10",
    "     DSP48E1                         8",
    "     RAMB36E1                        2",
    "",
    "     OTHER                           2",
  ].join("\n");

test("the mapping's log is read: where memories went, the multipliers left, the last counts", () => {
  const log = mappingLog("", "");
  expect(mappingProblems(presets.g8m1p1, log)).toEqual([]);
  expect(lastCellCounts(log)).toEqual({ DSP48E1: 8, RAMB36E1: 2 });
  expect(memoryTargets(log).size).toBe(2);
});

test("memories in LUTs or registers and multipliers in fabric are problems", () => {
  const inLuts = "mapping memory $paramod$56ef\\vg_ram_1r1rw.mem via $__XILINX_LUTRAM_SDP_";
  const inRegisters = "using FF mapping for memory vg_ram_1r1rw.mem";
  const inFabric = "$paramod$78\\vg_array/$mul$lib/vg_array.v:45$12";
  const codes = (log: string): string[] => mappingProblems(presets.g8m1p1, log).map(({ code }) => code);
  expect(codes(mappingLog(inLuts, ""))).toEqual(["lint/memory-mapping"]);
  expect(codes(mappingLog(inRegisters, ""))).toEqual(["lint/memory-mapping"]);
  expect(codes(mappingLog("", inFabric))).toEqual(["lint/multiplier-mapping"]);
  expect(mappingProblems(presets.g8m8p7, mappingLog("", ""))[0].message).toBe("8 DSPs for 448 MACs");
  expect(codes("")).toContain("lint/memory-mapping");
});

test("Verilator's messages become problems with file and line", () => {
  const text =
    "%Warning-WIDTH: lib/vg_x.v:12:3: Operator ADD expects 8 bits\n   more\n%Error: Exiting due to 1 warning(s)";
  expect(verilatorProblems(text)).toEqual([
    { code: "lint/verilator-width", path: "lib/vg_x.v:12", message: "Operator ADD expects 8 bits" },
  ]);
});

test("Icarus' messages become problems with file and line", () => {
  const text = "lib/vg_x.v:12: error: Unable to bind wire\n1 error(s) during elaboration.\n";
  expect(icarusProblems(text)).toEqual([
    { code: "lint/icarus", path: "lib/vg_x.v:12", message: "error: Unable to bind wire" },
  ]);
});

test("Yosys warnings count unless they are known to be harmless; an exit code without a message counts too", () => {
  const harmless = "Warning: Replacing memory \\acc_q with list of registers. See lib/vg_array.v:50\n";
  const serious = "Warning: Latch inferred for signal `\\x'\nlib/vg_x.v:3: Warning: Range select out of bounds\n";
  expect(yosysProblems({ code: 0, output: harmless }, "top")).toEqual([]);
  expect(yosysProblems({ code: 0, output: serious }, "top").length).toBe(2);
  expect(yosysProblems({ code: 1, output: "killed\n" }, "top")[0].message).toBe("exit code 1: killed");
  expect(yosysProblems({ code: 1, output: "ERROR: Module `x' not found!\n" }, "top").length).toBe(1);
});

test("a report passes when every check that ran is clean", () => {
  const check = { name: "x", problems: [], seconds: 0 };
  expect(lintPassed({ config: "c", checks: [check, { ...check, skipped: "no tool" }] })).toBe(true);
  const problem = { code: "lint/x", path: "p", message: "m" };
  expect(lintPassed({ config: "c", checks: [check, { ...check, problems: [problem] }] })).toBe(false);
});
