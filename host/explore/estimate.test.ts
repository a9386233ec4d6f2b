import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { compile } from "../compiler/index.ts";
import { estimate, memoryModels } from "../cycle-model/index.ts";
import { Estimator } from "./estimate.ts";
import { paretoFront, thinned } from "./front.ts";
import { workOf } from "./work.ts";

describe.each([
  ["vargnet-v1", { scale: 0.5, inputHeight: 96, inputWidth: 96 }],
  ["mobilenet-v2", { scale: 0.35, inputHeight: 96, inputWidth: 96 }],
] as const)("estimate of %s", (name, size) => {
  const network = seededNetwork(name, { ...size, seed: 1 });
  const work = workOf(network);
  const estimator = new Estimator(work, memoryModels.ddr);

  it("counts the MACs", () => {
    expect(work.macs).toBe(compile(network, presets.g8m8p7).statistics.macs);
  });

  it.each(["g4m8p7", "g8m8p7"] as const)("is near the cycle model on %s", (preset) => {
    const program = compile(network, presets[preset]);
    const { cycles } = estimator.estimate(presets[preset]);
    expect(Math.abs(cycles / estimate(program, memoryModels.ddr).cycles - 1)).toBeLessThan(0.2);
  });

  it("wants no more cycles with larger buffers", () => {
    const cycles = [1024, 2048, 4096, 8192].map(
      (featureDepth) => estimator.estimate({ ...presets.g8m8p7, featureDepth }).cycles,
    );
    expect(cycles).toEqual([...cycles].sort((a, b) => b - a));
  });
});

describe("front", () => {
  it("keeps what nothing beats", () => {
    const points = [
      [3, 9],
      [1, 2],
      [2, 1],
      [2, 5],
      [4, 9],
      [1, 3],
    ] as const;
    expect(
      paretoFront(
        points,
        ([cost]) => cost,
        ([, value]) => value,
      ),
    ).toEqual([
      [1, 3],
      [2, 5],
      [3, 9],
    ]);
  });

  it("is thinned evenly, with its ends", () => {
    const front = Array.from({ length: 100 }, (_, i) => 1.1 ** i);
    const few = thinned(front, (value) => value, 5);
    expect([few.length, few[0], few[4]]).toEqual([5, front[0], front[99]]);
    expect(thinned(front.slice(0, 3), (value) => value, 5)).toHaveLength(3);
  });
});
