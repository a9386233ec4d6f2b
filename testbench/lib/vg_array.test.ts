import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { expectEqual } from "./expect-equal.ts";

interface Beat {
  readonly first: boolean;
  readonly last: boolean;
  /** [pixel][lane] and [channel][lane]. */
  readonly activations: readonly number[];
  readonly weights: readonly number[];
}

describe.each([
  { G: 8, M: 8, P: 3, R: 2 },
  { G: 4, M: 2, P: 1, R: 1 },
  { G: 16, M: 4, P: 3, R: 4 },
])("vg_array with G $G, M $M, P $P, R $R", ({ G, M, P, R }) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_array", { G, M, P, R });
  });

  /**
   * Sends beats, one a cycle but for gaps, and compares the captures and the drain buffer in every cycle.
   * @returns number of tiles captured
   */
  function run(random: Random, beats: readonly Beat[], gaps: number, resetAt?: number): number {
    const dut = model.instantiate({ seed: 4 });
    const port = (name: string) => dut.port(name);
    const captures = new Map<number, readonly number[]>(); // sums [channel][pixel], by the cycle they are due in
    let held: readonly number[] | undefined;
    let sums: number[] = [];
    let captured = 0;
    dut.tick();
    let next = 0;
    for (let cycle = 0; next < beats.length || cycle <= Math.max(...captures.keys()); cycle++) {
      const beat = next < beats.length && random.real() >= gaps ? beats[next++] : undefined;
      port("rst_ni").set(Number(cycle !== resetAt));
      port("valid_i").set(Number(beat !== undefined));
      port("first_i").set(Number(beat?.first ?? random.integer(0, 1)));
      port("last_i").set(Number(beat?.last ?? random.integer(0, 1)));
      if (beat !== undefined) {
        port("act_i").setLanes(8, beat.activations);
        port("weight_i").setLanes(8, beat.weights);
      }
      const step = random.integer(0, M / R - 1);
      port("step_i").set(step);
      dut.eval();
      const due = captures.get(cycle);
      expectEqual(port("captured_o").get(), Number(due !== undefined), () => `cycle ${cycle}, captured_o`);
      captured += Number(due !== undefined);
      held = due ?? held;
      if (held !== undefined) {
        const expected = held.slice(step * R * P, (step + 1) * R * P);
        expectEqual(port("sums_o").getLanes(28, true).join(), expected.join(), () => `cycle ${cycle}, step ${step}`);
      }
      if (beat !== undefined) {
        if (beat.first) sums = Array<number>(M * P).fill(0);
        sums = sums.map((sum, i) => {
          const [m, p] = [Math.floor(i / P), i % P];
          const dot = Array.from({ length: G }, (_, g) => beat.activations[p * G + g] * beat.weights[m * G + g]);
          return sum + dot.reduce((a, b) => a + b, 0);
        });
        if (beat.last) captures.set(cycle + 3, sums);
      }
      if (cycle === resetAt) {
        // What is in the pipeline is lost; the drain buffer may have changed already.
        captures.clear();
        captures.set(cycle, []);
        held = undefined;
        while (next < beats.length && !beats[next].first) next++;
      }
      dut.tick();
    }
    return captured;
  }

  it("goes on with the finished sums of a tile whose successor has no first beat", () => {
    const random = new Random(9);
    const beats = tiles(random, 60, (limit) => random.integer(-limit, 127));
    let tile = 0;
    const joined = beats.map((beat) => {
      if (beat.first) tile++;
      return { ...beat, first: beat.first && (tile === 1 || tile % 3 === 0) };
    });
    expect(run(random, joined, 0.2)).toBe(60);
  });

  function tiles(random: Random, count: number, value: (limit: number) => number): Beat[] {
    return Array.from({ length: count }, () => random.integer(1, 12)).flatMap((k) =>
      Array.from({ length: k }, (_, i) => ({
        first: i === 0,
        last: i === k - 1,
        activations: Array.from({ length: G * P }, () => value(128)),
        weights: Array.from({ length: G * M }, () => value(127)),
      })),
    );
  }

  it.each([0, 0.3])("captures every tile's sums three cycles after its last beat and holds them (gaps %d)", (gaps) => {
    const random = new Random(7);
    expect(
      run(
        random,
        tiles(random, 150, (limit) => random.integer(-limit, 127)),
        gaps,
      ),
    ).toBe(150);
  });

  it("sums up to the ends of 28 bits", () => {
    const random = new Random(8);
    const k = Math.floor((2 ** 27 - 1) / (128 * 127 * G));
    for (const weight of [-127, 127]) {
      const one = { activations: Array<number>(G * P).fill(-128), weights: Array<number>(G * M).fill(weight) };
      const beats = Array.from({ length: k }, (_, i) => ({ ...one, first: i === 0, last: i === k - 1 }));
      expect(run(random, beats, 0)).toBe(1);
    }
  });

  it("drops the beats in the pipeline at a reset", () => {
    for (let resetAt = 5; resetAt < 40; resetAt++) {
      const random = new Random(resetAt);
      run(
        random,
        tiles(random, 8, () => random.integer(-127, 127)),
        0,
        resetAt,
      );
    }
  });
});
