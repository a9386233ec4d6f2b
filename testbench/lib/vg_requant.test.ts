import { beforeAll, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { type Bounds, fixedScale, randomBounds, requantized } from "./arithmetic.ts";
import { streamLane } from "./lane-stream.ts";

/** What the compiler keeps |acc + bias| below or at. */
const LARGEST = 2 ** 26 - 3;

interface Vector {
  /** acc + bias, which is how the test thinks of it; the bias takes a random part. */
  readonly a: number;
  readonly bias: number;
  readonly scale: number;
  readonly bounds: Bounds;
}

let model: CompiledModel;
beforeAll(async () => {
  model = await buildModule("vg_requant");
});

function compare(vectors: readonly Vector[]): number {
  const dut = model.instantiate({ seed: 1 });
  const set = (name: string) => dut.port(name);
  const [acc, bias, scale] = [set("acc_i"), set("bias_i"), set("scale_i")];
  const [z, lo, hi] = [set("z_i"), set("lo_i"), set("hi_i")];
  return streamLane(dut, new Random(9), vectors, {
    latency: 7,
    late: 6,
    drive: (vector) => {
      acc.set(vector.a - vector.bias);
      bias.set(vector.bias);
      scale.set(Number(fixedScale(vector.scale)));
    },
    driveLate: ({ bounds }) => {
      z.set(bounds.z);
      lo.set(bounds.lo);
      hi.set(bounds.hi);
    },
    expected: (vector) => requantized(vector.a - vector.bias, vector, vector.bounds),
  });
}

function vectors(seed: number, count: number, operands: (random: Random) => { a: number; scale: number }): Vector[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const { a, scale } = operands(random);
    const bias = random.integer(-(2 ** 26), 2 ** 26);
    return { a, bias, scale, bounds: randomBounds(random) };
  });
}

/** A float32 scale of at least 2^-24, where S is exact, and below 16. */
const clampScale = (scale: number) => Math.max(2 ** -24, Math.min(15.999, scale));

it("equals float32 steps on random operands of every magnitude", () => {
  const random = vectors(1, 100_000, (random) => {
    const a = Math.round((random.real() * 2 - 1) * 2 ** (random.real() * 26) - 0.5);
    const a0 = Math.max(-LARGEST, Math.min(LARGEST, a));
    const scale = Math.fround(clampScale((random.real() * 300) / Math.max(1, Math.abs(a0))));
    return { a: a0, scale };
  });
  expect(compare(random)).toBe(100_000);
});

it("equals float32 steps within a few float32 steps of every tie", () => {
  const step = new Float32Array(1);
  const bits = new Int32Array(step.buffer);
  const aimed = vectors(2, 250_000, (random) => {
    const tie = random.integer(0, 260) + 0.5;
    const magnitude = Math.max(Math.ceil(tie / 15.9), Math.floor(2 ** (random.real() * 26)));
    const a = Math.min(LARGEST, magnitude) * (random.real() < 0.5 ? -1 : 1);
    step[0] = clampScale(tie / Math.abs(a));
    bits[0] += random.integer(-3, 3);
    return { a, scale: Math.fround(clampScale(step[0])) };
  });
  expect(compare(aimed)).toBe(250_000);
});

it("equals float32 steps at the corners of the operands", () => {
  const magnitudes = [
    0,
    1,
    2,
    3,
    2 ** 24 - 1,
    2 ** 24,
    2 ** 24 + 1,
    2 ** 25 - 1,
    2 ** 25,
    2 ** 25 + 1,
    LARGEST - 1,
    LARGEST,
  ];
  const near = magnitudes.flatMap((a) => [-2, -1, 0, 1, 2].map((d) => Math.max(0, Math.min(LARGEST, a + d))));
  const scales = [
    2 ** -24,
    2 ** -24 + 2 ** -47,
    2 ** -17,
    1e-5,
    2 ** -8,
    0.3,
    0.5,
    1 - 2 ** -24,
    1,
    1.5,
    8,
    16 - 2 ** -20,
  ];
  const bounds = [-128, -1, 0, 127].flatMap((z) => [
    { z, lo: -128, hi: 127 },
    { z, lo: z, hi: 127 },
    { z, lo: -5, hi: -5 },
  ]);
  const corners = near.flatMap((a) =>
    [a, -a].flatMap((signed) =>
      scales.flatMap((scale) => bounds.map((b) => ({ a: signed, bias: 0, scale: Math.fround(scale), bounds: b }))),
    ),
  );
  expect(compare(corners)).toBe(near.length * 2 * scales.length * bounds.length);
});
