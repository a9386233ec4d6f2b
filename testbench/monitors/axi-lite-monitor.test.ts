import { describe, expect, it } from "vitest";
import { Signals } from "../engine/index.ts";
import { axiLiteSlavePorts, commonPorts } from "../signal-sets.ts";
import { AxiLiteMonitor } from "./axi-lite-monitor.ts";

type Cycle = Readonly<Record<string, number>>;

const AR: Cycle = { araddr_i: 4, arvalid_i: 1, arready_o: 1 };
const R: Cycle = { rdata_o: 7, rvalid_o: 1, rready_i: 1 };
const AW: Cycle = { awaddr_i: 4, awvalid_i: 1, awready_o: 1 };
const W: Cycle = { wdata_i: 7, wstrb_i: 15, wvalid_i: 1, wready_o: 1 };
const B: Cycle = { bvalid_o: 1, bready_i: 1 };
const RESET: Cycle = { rst_ni: 0 };

function broken(trace: readonly Cycle[], finish = false): string[] {
  const infos = [...commonPorts, ...axiLiteSlavePorts()];
  const signals = new Signals(infos);
  const monitor = new AxiLiteMonitor(signals);
  trace.forEach((values, cycle) => {
    for (const { name } of infos) {
      signals.port(name).set(values[name.replace("s_axil_", "")] ?? (name === "rst_ni" ? 1 : 0));
    }
    monitor.sample(cycle);
  });
  if (finish) monitor.finish(trace.length);
  return monitor.log.violations.map(({ cycle, rule }) => `${cycle} ${rule}`);
}

describe("AxiLiteMonitor", () => {
  it("accepts correct traffic: skewed writes, stalls, read and write at once", () => {
    const trace = [RESET, { ...AW, ...AR }, { ...W, ...R }, { ...B, bready_i: 0 }, B, W, { ...AW, wready_o: 1 }, B];
    expect(broken(trace, true)).toEqual([]);
  });

  it.each<[string, Cycle[], string[]]>([
    ["read data withdrawn", [AR, { ...R, rready_i: 0 }, {}], ["2 r/dropped"]],
    ["read data changed", [AR, { ...R, rready_i: 0 }, { ...R, rdata_o: 8 }], ["2 r/changed"]],
    ["a response withdrawn", [{ ...AW, ...W }, { ...B, bready_i: 0 }, {}], ["2 b/dropped"]],
    [
      "a response changed",
      [
        { ...AW, ...W },
        { ...B, bready_i: 0 },
        { ...B, bresp_o: 2 },
      ],
      ["2 b/changed"],
    ],
    ["a request withdrawn", [{ ...AR, arready_o: 0 }, {}], ["1 ar/dropped"]],
    [
      "a write address changed",
      [
        { ...AW, awready_o: 0 },
        { ...AW, awaddr_i: 8 },
      ],
      ["1 aw/changed"],
    ],
    [
      "write data changed",
      [
        { ...W, wready_o: 0 },
        { ...W, wstrb_i: 1 },
      ],
      ["1 w/changed"],
    ],
    ["a read answered in the cycle of its address", [{ ...AR, ...R }], ["0 r/unasked"]],
    ["a read answered twice", [AR, R, R], ["2 r/unasked"]],
    ["a write answered without data", [AW, B], ["1 b/unasked"]],
    ["a write answered without address", [W, B], ["1 b/unasked"]],
    ["a write answered twice", [{ ...AW, ...W }, B, B], ["2 b/unasked"]],
    ["responses in reset", [RESET, { ...RESET, rvalid_o: 1, bvalid_o: 1 }], ["1 r/in-reset", "1 b/in-reset"]],
  ])("reports %s", (_name, trace, expected) => {
    expect(broken(trace)).toEqual(expected);
  });

  it("reports requests without answer at the end", () => {
    expect(broken([AR], true)).toEqual(["1 r/missing"]);
    expect(broken([AW, { ...AW, ...W }], true)).toEqual(["2 b/missing"]);
  });
});
