import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { type CommandOf, engineOf } from "../../isa/index.ts";
import { Geometry } from "../geometry.ts";
import { orderSteps } from "./order.ts";
import { type Access, conflict, type Step } from "./step.ts";
import { assignWaits } from "./waits.ts";

const geometry = new Geometry(presets.g8m8p7);
const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };
const at = (space: Access["space"], start: number, words = 1): Access => ({ space, start, end: start + words });

function load(word: number, beats = 64): Step {
  const command = { kind: "loadWeights", ...noWaits, memoryOffset: word, beats, firstWord: word } as const;
  return { command, reads: [], writes: [at("weight", word)], operation: 0 };
}

/** A computation that takes 4 * `rows` cycles. */
function compute(word: number, rows: number, reads: readonly Access[] = [], writes: readonly Access[] = []): Step {
  const size = { blocks: 1, rows, tiles: 1, kernelWidth: 4, kernelHeight: 1, channelGroups: 1, upsample: 0 };
  const command = { kind: "compute", ...noWaits, ...size, weightBase: word } as unknown as CommandOf<"compute">;
  return { command, reads: [at("weight", word), ...reads], writes, operation: 0 };
}

function store(reads: Access, offset: number): Step {
  const command = { kind: "storeFeatures", ...noWaits, lines: 4, columns: 14 } as unknown as CommandOf<"storeFeatures">;
  return { command, reads: [reads], writes: [at("dram", offset)], operation: 0 };
}

const texts = (steps: readonly Step[]): readonly string[] =>
  orderSteps(geometry, steps).map(({ command }) => {
    if (command.kind === "loadWeights") return `load ${command.firstWord}`;
    return command.kind === "compute" ? `compute ${command.weightBase}` : command.kind;
  });

describe("orderSteps", () => {
  it("loads as early as memory allows", () => {
    const steps = [load(0), compute(0, 100), load(1), compute(1, 100), load(0), compute(0, 100), load(2)];
    expect(texts(steps)).toEqual(["load 0", "load 1", "load 2", "compute 0", "compute 1", "load 0", "compute 0"]);
  });

  it("lets loads pass one that waits for memory, unless that would then be late", () => {
    const steps = (beats: number) => [
      load(0),
      compute(0, 1000),
      load(1),
      compute(1, 100),
      load(0, 64),
      compute(0, 1000),
      load(2, beats),
      compute(2, 100),
    ];
    expect(texts(steps(64)).slice(0, 3)).toEqual(["load 0", "load 1", "load 2"]);
    expect(texts(steps(8000)).slice(1, 6)).toEqual(["load 1", "compute 0", "compute 1", "load 0", "load 2"]);
  });

  it("lets loads pass stores that wait", () => {
    const result = at("feature", 0, 10);
    const stores = Array.from({ length: 20 }, (_, offset) => store(result, offset));
    const steps = [load(0), compute(0, 100, [], [result]), ...stores, load(1), compute(1, 100)];
    expect(texts(steps).slice(0, 4)).toEqual(["load 0", "load 1", "compute 0", "compute 1"]);
  });

  it("keeps conflicting steps, computations and stores in order, whatever they are", () => {
    const word = fc.nat({ max: 5 });
    const feature = fc
      .nat({ max: 7 })
      .chain((start) => fc.integer({ min: 1, max: 3 }).map((n) => at("feature", start, n)));
    const step = fc.oneof(
      fc.tuple(word, fc.constantFrom(4, 300)).map(([w, beats]) => load(w, beats)),
      fc.tuple(feature, fc.nat({ max: 3 })).map(([to, from]): Step => {
        const command = {
          kind: "loadFeatures",
          ...noWaits,
          lines: 2,
          columns: 14,
        } as unknown as CommandOf<"loadFeatures">;
        return { command, reads: [at("dram", from)], writes: [to], operation: 0 };
      }),
      fc.tuple(word, fc.constantFrom(1, 40), feature, feature).map(([w, n, from, to]) => compute(w, n, [from], [to])),
      fc.tuple(feature, fc.nat({ max: 3 })).map(([from, to]) => store(from, to)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ordered = orderSteps(geometry, steps);
        expect(new Set(ordered)).toEqual(new Set(steps));
        const position = new Map(ordered.map((s, i) => [s, i]));
        const before = (a: Step, b: Step): boolean => (position.get(a) ?? 0) < (position.get(b) ?? 0);
        steps.forEach((later, index) => {
          for (const earlier of steps.slice(0, index)) {
            const [a, b] = [earlier, later].map(({ command }) => engineOf(command.kind));
            if ((a === b && a !== "load") || conflict(earlier, later)) expect(before(earlier, later)).toBe(true);
          }
        });
        const issued = { load: 0, compute: 0, store: 0 };
        for (const { kind, ...waits } of assignWaits(ordered)) {
          expect(waits.waitLoad).toBeLessThanOrEqual(issued.load);
          expect(waits.waitCompute).toBeLessThanOrEqual(issued.compute);
          expect(waits.waitStore).toBeLessThanOrEqual(issued.store);
          const engine = engineOf(kind);
          if (engine !== undefined) issued[engine]++;
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
