import { describe, expect, it } from "vitest";
import { Signals } from "../engine/index.ts";
import { axiMasterPorts, commonPorts } from "../signal-sets.ts";
import { AxiMonitor, type AxiMonitorOptions } from "./axi-monitor.ts";

/** Signal values of one clock cycle; what is not named is 0 (reset: 1). */
type Cycle = Readonly<Record<string, number>>;

const AR: Cycle = { araddr_o: 0x100, arlen_o: 1, arsize_o: 4, arburst_o: 1, arvalid_o: 1, arready_i: 1 };
const R: Cycle = { rdata_i: 7, rvalid_i: 1, rready_o: 1 };
const AW: Cycle = { awaddr_o: 0x100, awlen_o: 1, awsize_o: 4, awburst_o: 1, awvalid_o: 1, awready_i: 1 };
const W: Cycle = { wdata_o: 7, wstrb_o: 0xffff, wvalid_o: 1, wready_i: 1 };
const B: Cycle = { bvalid_i: 1, bready_o: 1 };
const RESET: Cycle = { rst_ni: 0 };
const last = { rlast_i: 1, wlast_o: 1 };

/** Rules broken by a trace, as `cycle rule`. */
function broken(trace: readonly Cycle[], options: AxiMonitorOptions = {}, finish = false): string[] {
  const infos = [...commonPorts, ...axiMasterPorts(128)];
  const signals = new Signals(infos);
  const monitor = new AxiMonitor(signals, options);
  trace.forEach((values, cycle) => {
    for (const { name } of infos) {
      const short = name.replace("m_axi_", "");
      signals.port(name).setBig(BigInt(values[short] ?? (name === "rst_ni" ? 1 : 0)));
    }
    monitor.sample(cycle);
  });
  if (finish) monitor.finish(trace.length);
  return monitor.log.violations.map(({ cycle, rule }) => `${cycle} ${rule}`);
}

describe("AxiMonitor", () => {
  it("accepts correct traffic: stalls, data before address, bursts in a row", () => {
    const trace = [
      { ...RESET, ...AR },
      RESET,
      { ...AR, arready_i: 0 },
      AR,
      AR,
      { ...R, rready_o: 0 },
      R,
      { ...R, rlast_i: 1 },
      { ...R, ...W },
      { ...R, ...W, ...last },
      { ...W, ...AW },
      { ...W, ...last },
      { ...AW, ...B },
      B,
      {},
    ];
    expect(broken(trace, {}, true)).toEqual([]);
  });

  it.each<[string, Cycle[], string[]]>([
    ["an address withdrawn", [{ ...AR, arready_i: 0 }, {}], ["1 ar/dropped"]],
    [
      "an address changed while stalled",
      [
        { ...AR, arready_i: 0 },
        { ...AR, araddr_o: 0x200 },
      ],
      ["1 ar/changed"],
    ],
    [
      "a length changed while stalled",
      [
        { ...AW, awready_i: 0 },
        { ...AW, awlen_o: 2 },
      ],
      ["1 aw/changed"],
    ],
    ["a write address withdrawn", [{ ...AW, awready_i: 0 }, {}], ["1 aw/dropped"]],
    ["write data withdrawn", [{ ...W, wready_i: 0 }, {}], ["1 w/dropped"]],
    [
      "write data changed",
      [
        { ...W, wready_i: 0 },
        { ...W, wdata_o: 8 },
      ],
      ["1 w/changed"],
    ],
    [
      "strobes changed",
      [
        { ...W, wready_i: 0 },
        { ...W, wstrb_o: 1 },
      ],
      ["1 w/changed"],
    ],
    [
      "last changed",
      [
        { ...W, wready_i: 0 },
        { ...W, wlast_o: 1 },
      ],
      ["1 w/changed"],
    ],
    ["read data withdrawn", [AR, { ...R, rready_o: 0 }, {}], ["2 r/dropped"]],
    ["read data changed", [AR, { ...R, rready_o: 0 }, { ...R, rdata_i: 8 }], ["2 r/changed"]],
    ["a response withdrawn", [AW, W, { ...W, ...last }, { ...B, bready_o: 0 }, {}], ["4 b/dropped"]],
    ["a response changed", [AW, W, { ...W, ...last }, { ...B, bready_o: 0 }, { ...B, bresp_i: 2 }], ["4 b/changed"]],
    ["valid in reset", [RESET, { ...RESET, arvalid_o: 1 }], ["1 ar/in-reset"]],
    ["write valid in reset", [RESET, { ...RESET, awvalid_o: 1, wvalid_o: 1 }], ["1 aw/in-reset", "1 w/in-reset"]],
    ["responses in reset", [RESET, { ...RESET, rvalid_i: 1, bvalid_i: 1 }], ["1 r/in-reset", "1 b/in-reset"]],
    ["a fixed burst", [{ ...AR, arburst_o: 0 }], ["0 ar/burst"]],
    ["a wrapping write burst", [{ ...AW, awburst_o: 2 }], ["0 aw/burst"]],
    ["a narrow read", [{ ...AR, arsize_o: 2 }], ["0 ar/size"]],
    ["a narrow write", [{ ...AW, awsize_o: 3 }], ["0 aw/size"]],
    ["an unaligned read", [{ ...AR, araddr_o: 0x108 }], ["0 ar/align"]],
    ["an unaligned write", [{ ...AW, awaddr_o: 0x101 }], ["0 aw/align"]],
    ["a read across 4 KB", [{ ...AR, araddr_o: 0xff0 }], ["0 ar/4k"]],
    ["a write across 4 KB", [{ ...AW, awaddr_o: 0x7fffff_fff0 }], ["0 aw/4k"]],
    ["read data without a burst", [R], ["0 r/unasked"]],
    ["read data in the cycle of its address", [{ ...AR, ...R }], ["0 r/unasked"]],
    ["too much read data", [AR, R, { ...R, ...last }, R], ["3 r/unasked"]],
    ["last too early on read", [AR, { ...R, ...last }], ["1 r/last"]],
    ["no last on read", [AR, R, R], ["2 r/last"]],
    ["last too early on write", [AW, { ...W, ...last }], ["1 w/last"]],
    ["no last on write", [AW, W, W], ["2 w/last"]],
    ["data before an address of another length", [{ ...W, ...last }, AW], ["1 w/last"]],
    ["a response without a burst", [B], ["0 b/unasked"]],
    ["a response before the last data", [AW, W, B], ["2 b/unasked"]],
    ["a response with the last data", [AW, W, { ...W, ...last, ...B }], ["2 b/unasked"]],
    ["two responses", [AW, W, { ...W, ...last }, B, B], ["4 b/unasked"]],
  ])("reports %s", (_name, trace, expected) => {
    expect(broken(trace)).toEqual(expected);
  });

  it("reports too many bursts outstanding", () => {
    expect(broken([AR, AR, AR], { maxReads: 2 })).toEqual(["2 ar/outstanding"]);
    expect(broken([AW, W, { ...W, ...last }, AW, AW], { maxWrites: 2 })).toEqual(["4 aw/outstanding"]);
    expect(broken([AR, R, { ...R, ...last }, AR], { maxReads: 1 })).toEqual([]);
  });

  it("reports what is missing at the end", () => {
    expect(broken([AR, R], {}, true)).toEqual(["2 r/missing"]);
    expect(broken([AW, W], {}, true)).toContain("2 w/missing");
    expect(broken([{ ...W, ...last }], {}, true)).toEqual(["1 w/missing"]);
    expect(broken([AW, W, { ...W, ...last }], {}, true)).toEqual(["3 b/missing"]);
  });

  it("forgets outstanding bursts in reset", () => {
    expect(broken([AR, AW, RESET, RESET, {}], {}, true)).toEqual([]);
  });
});
