import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../../host/index.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { figure, least, most } from "../bench/row.ts";
import { trafficFloor } from "../bench/traffic.ts";
import { randomInputs } from "../inputs.ts";
import { vargen } from "../testing/run.ts";

describe("bench", () => {
  it("measures single layers in RTL beside their targets, bounds and a peer's figures", async () => {
    const { code, out } = await vargen("bench", "--layers-only");
    expect(code).toBe(0);
    const rows = out.split("\n").filter((line) => /14x14x/.test(line));
    expect(rows).toHaveLength(4);
    // Every value as in the reference, and in no less time than the bound.
    for (const row of rows) {
      expect(row).toMatch(/ 0$/);
      const [utilization, ...others] = [...row.matchAll(/([\d.]+) %/g)].map(([, text]) => Number(text));
      expect(utilization).toBeLessThan(others[others.length - 2]);
    }
    expect(out).toMatch(/simulated cycles, 448 MACs +[\d,]+\/s +>= 250,000\/s +(pass|FAIL)/);
    expect(out).toMatch(/87,808 values compared with the reference, 0 differ/);
    expect(out).not.toMatch(/undefined|NaN/);
  }, 60_000);
});

describe("figures of bench", () => {
  it("are judged by the side on which their target lies", () => {
    expect(figure("a", "percent", 0.9, least(0.9)).met).toBe(true);
    expect(figure("a", "percent", 0.89, least(0.9)).met).toBe(false);
    expect(figure("a", "bytes", 1, most(0)).met).toBe(false);
    expect(figure("a", "bytes", 1).met).toBeUndefined();
  });

  it("tell stored tensors inside blocks from those between them, and add up to what is moved once", () => {
    const network = seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 32, classes: 10 });
    const { tensors } = network;
    const some = compile(network, presets.g8m8p7, { dumpTensors: ["stage2.down/sep_a.group", "conv1"] });
    expect(tensors.has("conv1")).toBe(true);
    const { inside, boundaries, parts, total } = trafficFloor(some);
    expect([...inside.keys()]).toEqual(["stage2.down/sep_a.group"]);
    expect([...boundaries.keys()]).toEqual(["conv1"]);
    expect(total).toBe(Object.values(parts).reduce((a, b) => a + b));
    const { dramReadBytes, dramWriteBytes } = some.statistics;
    const between = [...inside.values()].reduce((a, b) => a + b);
    expect(dramReadBytes + dramWriteBytes).toBe(total - parts.boundaries / 2 + between);
  });

  it("count the reads of weights by address", async () => {
    const config = presets.g8m8p7;
    const network = seededNetwork("vargnet-v2", { scale: 0.25, inputSize: 16, classes: 10 });
    const inputs = randomInputs(network, 1, 1);
    const { program, weightReads } = await simulateNetwork({ network, config, inputs, countReads: true });
    expect(weightReads).toEqual({ bytes: program.statistics.weightBytes, min: 1, max: 1 });
  }, 60_000);
});
