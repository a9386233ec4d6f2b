import fc from "fast-check";
import { expect, it } from "vitest";
import { mainOutput } from "../../ir/network.ts";
import { Random } from "../../random/random.ts";
import { runReference } from "../../reference/index.ts";
import { whyInexact } from "../../testing/exactness.ts";
import { loadModel } from "../../testing/onnxruntime.ts";
import { QdqBuilder } from "../../testing/qdq.ts";
import { importNetwork } from "../index.ts";

const inexact = await whyInexact();

type Step = (g: QdqBuilder, random: Random) => void;

const steps: readonly Step[] = [
  (g, random) => {
    const groups = [1, 2, 4][random.integer(0, 2)];
    const kernel = [1, 3, 5][random.integer(0, 2)];
    const channels = 4 * random.integer(1, 4);
    g.conv(channels, { kernel, groups, pad: kernel >> 1 }, random.real() < 0.5 ? ["Relu"] : []);
  },
  (g) => g.conv(g.current.dims[1], { kernel: 3, groups: g.current.dims[1], pad: 1 }),
  (g) => {
    const before = g.current;
    g.conv(before.dims[1], { kernel: 1, groups: 1 });
    g.add(before);
  },
  (g) => {
    const before = g.current;
    g.conv(4, { kernel: 1, groups: 1 });
    g.concat(before);
  },
  (g) => g.shuffle(2),
  (g) => g.pad([0, 1, 1, 0]),
  (g) => {
    if (g.current.dims[2] < 10) g.resize();
  },
  (g) => {
    const window = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
    if (g.current.dims[2] > 3) g.unary("MaxPool", window, { sameScale: true });
  },
  (g) => {
    const window = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
    if (g.current.dims[2] > 3) g.unary("AveragePool", window);
  },
];

it.skipIf(inexact)("random QDQ graphs of opset 13 to 21 equal ONNX Runtime's", { timeout: 240_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(2 ** 30), fc.integer({ min: 13, max: 21 }), async (seed, opset) => {
      const random = new Random(seed);
      const graph = new QdqBuilder(random, [1, 8, random.integer(4, 9), random.integer(4, 9)], opset);
      graph.conv(8, { kernel: 3, groups: 2, pad: 1 });
      for (let i = random.integer(1, 5); i > 0; i--) steps[random.integer(0, steps.length - 1)](graph, random);
      const { bytes, input } = graph.build();
      const { network } = importNetwork(bytes, "random.onnx");
      const run = await loadModel(bytes);
      const theirs = (await run([graph.feed(input)])).get(graph.outputName);
      expect(runReference(network, input).get(mainOutput(network))).toEqual(theirs);
      compared += theirs?.length ?? 0;
    }),
    { seed: 41, numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(40_000);
});
