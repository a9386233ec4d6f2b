import { beforeAll, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { added, type Bounds, randomBounds } from "./arithmetic.ts";
import { streamLane } from "./lane-stream.ts";

interface Vector {
  readonly ta: number;
  readonly tb: number;
  readonly bounds: Bounds;
}

let model: CompiledModel;
beforeAll(async () => {
  model = await buildModule("vg_residual");
});

function compare(vectors: readonly Vector[]): number {
  const dut = model.instantiate({ seed: 1 });
  const port = (name: string) => dut.port(name);
  const [ta, tb, z, lo, hi] = [port("ta_i"), port("tb_i"), port("z_i"), port("lo_i"), port("hi_i")];
  return streamLane(dut, new Random(9), vectors, {
    latency: 3,
    late: 2,
    drive: (vector) => {
      ta.set(vector.ta);
      tb.set(vector.tb);
    },
    driveLate: ({ bounds }) => {
      z.set(bounds.z);
      lo.set(bounds.lo);
      hi.set(bounds.hi);
    },
    expected: (vector) => added(vector.ta, vector.tb, vector.bounds),
  });
}

/** Two 36-bit numbers of the given sum (37 bits), one of them random. */
function split(random: Random, sum: number): { ta: number; tb: number } {
  const [low, high] = [Math.max(-(2 ** 35), sum - 2 ** 35 + 1), Math.min(2 ** 35 - 1, sum + 2 ** 35)];
  const ta = random.integer(low, high);
  return { ta, tb: sum - ta };
}

it("rounds the exact sum as float32 does, for random sums of every magnitude", () => {
  const random = new Random(1);
  const vectors = Array.from({ length: 100_000 }, () => {
    const sum = Math.round((random.real() * 2 - 1) * 2 ** (20 + random.real() * 16));
    return { ...split(random, sum), bounds: randomBounds(random) };
  });
  expect(compare(vectors)).toBe(100_000);
});

it("rounds the exact sum as float32 does, around every tie and at the ends of its band", () => {
  const random = new Random(2);
  const unit = 2 ** 25;
  const vectors = Array.from({ length: 250_000 }, () => {
    const k = random.integer(-260, 260);
    // Half a float32 step of the tie's magnitude, in units of 2^-25.
    const band = 2 ** (Math.floor(Math.log2(Math.max(0.5, Math.abs(k + 0.5)))) - 24) * unit;
    const offset =
      random.real() < 0.5 ? random.integer(-3, 3) : Math.round(band * random.integer(-2, 2)) + random.integer(-1, 1);
    return { ...split(random, (k + 0.5) * unit + offset), bounds: randomBounds(random) };
  });
  expect(compare(vectors)).toBe(250_000);
});

it("saturates sums beyond int8 at both ends of the tables' range", () => {
  const ends = [-(2 ** 35), -(2 ** 35) + 1, -(2 ** 34), -1, 0, 1, 2 ** 34, 2 ** 35 - 2, 2 ** 35 - 1];
  const bounds = [-128, 0, 127].map((z) => ({ z, lo: -128, hi: 127 }));
  const vectors = ends.flatMap((ta) => ends.flatMap((tb) => bounds.map((b) => ({ ta, tb, bounds: b }))));
  expect(compare(vectors)).toBe(9 * 9 * 3);
});
