import type { Random } from "../random/random.ts";
import { FloatBuilder } from "./float-onnx.ts";

type Step = (g: FloatBuilder, random: Random) => void;

const some = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(0, choices.length - 1)];

const steps: readonly Step[] = [
  (g, random) => {
    const kernel = [random.integer(1, 5), random.integer(1, 5)] as const;
    const pads = [2, 2, 2, 2].map((most) => random.integer(1, most)) as [number, number, number, number];
    const [, , height, width] = g.current.dims;
    const fits = height + pads[0] + pads[2] >= kernel[0] && width + pads[1] + pads[3] >= kernel[1];
    const stride = random.integer(1, 2);
    if (fits)
      g.conv(4 * random.integer(1, 4), { kernel, groups: some(random, [1, 2, 4]), stride, pads }, random.real() < 0.5);
  },
  (g) => g.conv(g.current.dims[1], { kernel: [3, 3], groups: g.current.dims[1], pads: [1, 1, 1, 1] }),
  (g) => g.batchNormalization(),
  (g) => g.relu(),
  (g) => g.clip(1.5),
  (g, random) => g.withConstant(some(random, ["Add", "Sub", "Mul", "Div"])),
  (g) => {
    const before = g.current;
    g.batchNormalization();
    g.relu();
    g.conv(before.dims[1], { kernel: [1, 1], groups: 2 }, false);
    g.add(before);
  },
  (g) => {
    const before = g.current;
    g.conv(4, { kernel: [1, 1], groups: 1 });
    g.concat(before);
  },
  (g) => g.shuffle(2),
  (g) => {
    const [a, b] = g.split();
    g.current = b;
    g.relu();
    g.concat(a);
  },
  (g, random) => g.pad(...([0, 0, 0, 0].map(() => random.integer(0, 1)) as [number, number, number, number])),
  (g) => {
    if (g.current.dims[2] < 8) g.upsample();
  },
  (g, random) => {
    const ceil = random.integer(0, 1);
    if (Math.min(g.current.dims[2], g.current.dims[3]) < 3) return;
    if (random.real() < 0.5) g.pool("MaxPool", 3, 2, random.integer(0, 1), { ceil_mode: ceil });
    else g.pool("AveragePool", 3, random.integer(1, 2), 1, { count_include_pad: random.integer(0, 1) });
  },
  (g) => g.output(),
];

const heads: readonly Step[] = [
  (g) => g.relu(),
  (g) => {
    g.globalPool("GlobalAveragePool");
    g.flatten();
    g.gemm(5);
    g.batchNormalization();
    g.relu();
  },
  (g) => {
    g.globalPool("ReduceMean");
    g.flatten();
    g.matmul(5);
  },
  (g) => {
    g.batchNormalization();
    g.flatten();
    g.gemm(3);
  },
];

/** A random small graph of the operators that PyTorch exports, with one or more outputs. */
export function randomFloatGraph(random: Random): FloatBuilder {
  const g = new FloatBuilder(random, [1, 4 * random.integer(1, 2), random.integer(4, 9), random.integer(4, 9)]);
  for (let i = random.integer(1, 7); i > 0; i--) some(random, steps)(g, random);
  some(random, heads)(g, random);
  g.output();
  return g;
}
