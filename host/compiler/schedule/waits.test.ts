import { describe, expect, it } from "vitest";
import type { CommandOf } from "../../isa/index.ts";
import type { Access, Step } from "./step.ts";
import { assignWaits } from "./waits.ts";

const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };
const at = (space: Access["space"], start: number, end = start + 1): Access => ({ space, start, end });

function load(word: number): Step {
  const command = { kind: "loadWeights", ...noWaits, memoryOffset: word, beats: 1, firstWord: word } as const;
  return { command, reads: [], writes: [at("weight", word)], operation: 0 };
}

function compute(word: number, reads: readonly Access[], writes: readonly Access[]): Step {
  const command = { kind: "compute", ...noWaits, weightBase: word } as unknown as CommandOf<"compute">;
  return { command, reads: [at("weight", word), ...reads], writes, operation: 0 };
}

function store(reads: Access, offset: number): Step {
  const command = { kind: "storeFeatures", ...noWaits } as unknown as CommandOf<"storeFeatures">;
  return { command, reads: [reads], writes: [at("dram", offset)], operation: 0 };
}

const waitsOf = (steps: readonly Step[]): readonly (readonly number[])[] =>
  assignWaits(steps).map(({ waitLoad, waitCompute, waitStore }) => [waitLoad, waitCompute, waitStore]);

describe("assignWaits", () => {
  it("orders reads after writes, writes after reads, across engines", () => {
    const feature = at("feature", 0, 10);
    const steps = [
      load(0),
      compute(0, [], [feature]),
      load(1),
      compute(1, [at("feature", 4)], [at("feature", 20)]),
      store(feature, 0),
      load(0),
      compute(0, [], [feature]),
    ];
    expect(waitsOf(steps)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [2, 1, 0],
      [0, 1, 0],
      [0, 1, 0],
      [3, 0, 1],
    ]);
  });

  it("raises waits so old that a 16-bit count would take them for the future", () => {
    const steps = Array.from({ length: 40000 }, (_, i) => load(i % 7));
    const waits = waitsOf([...steps, compute(100, [], [])]);
    expect(waits[40000]).toEqual([40000 - 2 ** 14, 0, 0]);
    expect(waits[39000]?.[0]).toBe(39000 - 2 ** 14);
  });
});
