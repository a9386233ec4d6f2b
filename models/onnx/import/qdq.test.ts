import { beforeAll, describe, expect, it } from "vitest";
import { mainOutput } from "../../ir/network.ts";
import { Random } from "../../random/random.ts";
import { runReference } from "../../reference/index.ts";
import { whyInexact } from "../../testing/exactness.ts";
import { loadModel } from "../../testing/onnxruntime.ts";
import { QdqBuilder } from "../../testing/qdq.ts";
import { importNetwork } from "../index.ts";

const inexact = await whyInexact();

/** Graphs in QDQ form; each step quantises its result. */
const graphs: Readonly<Record<string, (g: QdqBuilder) => void>> = {
  "Conv, Relu, Conv": (g) => {
    g.conv(12, { kernel: 3, groups: 1, pad: 1 }, ["Relu"]);
    g.conv(8, { kernel: 1, groups: 4 });
  },
  "depthwise Conv of stride 2 with Clip": (g) => g.conv(8, { kernel: 5, groups: 8, stride: 2, pad: 2 }, ["Clip"]),
  "Conv with BatchNormalization": (g) => g.conv(6, { kernel: 3, groups: 2, pad: 1 }, ["BatchNormalization", "Relu"]),
  "residual Add": (g) => {
    const before = g.current;
    g.conv(8, { kernel: 3, groups: 2, pad: 1 });
    g.add(before);
  },
  "MaxPool between scales": (g) => {
    g.conv(8, { kernel: 3, groups: 1 });
    g.unary("MaxPool", { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  },
  "MaxPool with ceil_mode": (g) =>
    g.unary("MaxPool", { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }, { sameScale: true }),
  AveragePool: (g) => g.unary("AveragePool", { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  "GlobalAveragePool, Flatten, Gemm": (g) => {
    g.unary("GlobalAveragePool");
    g.unary("Flatten", { axis: 1 }, { sameScale: true });
    g.gemm(5);
  },
  "MatMul with added bias": (g) => {
    g.unary("Flatten", { axis: 1 }, { sameScale: true });
    g.matmul(7);
  },
  "Concat of two branches": (g) => {
    const before = g.current;
    g.conv(3, { kernel: 1, groups: 1 });
    g.concat(before);
  },
  "Resize by 2": (g) => g.resize(),
  "channel shuffle": (g) => {
    g.shuffle(2);
    g.conv(8, { kernel: 1, groups: 4 });
  },
  "Split and Concat": (g) => g.splitConcat(),
  "Pad before Conv": (g) => {
    g.pad([1, 0, 2, 1]);
    g.conv(4, { kernel: 3, groups: 1 });
  },
};

describe("QDQ graphs", () => {
  beforeAll(() => {
    expect(Object.keys(graphs).length).toBeGreaterThan(10);
  });

  it.skipIf(inexact).each(Object.keys(graphs))("%s: the import equals ONNX Runtime's fused operators", async (name) => {
    let [compared, apart, unfused] = [0, 0, 0];
    for (let seed = 1; seed <= 6; seed++) {
      const random = new Random(seed);
      const graph = new QdqBuilder(random, [1, 8, random.integer(5, 9), random.integer(5, 9)]);
      graphs[name](graph);
      const { bytes, input } = graph.build();
      const { network, coverage } = importNetwork(bytes, "qdq.onnx");
      expect(coverage.length).toBeGreaterThan(2);
      const ours = runReference(network, input).get(mainOutput(network));
      for (const optimize of [true, false]) {
        const run = await loadModel(bytes, { optimize });
        const theirs = (await run([graph.feed(input)])).get(graph.outputName);
        if (ours === undefined || theirs === undefined) throw new Error("an output is missing");
        expect(theirs.length).toBe(ours.length);
        const differing = ours.filter((value, i) => value !== theirs[i]).length;
        if (optimize) {
          expect({ seed, differing }).toEqual({ seed, differing: 0 });
          compared += ours.length;
        } else {
          unfused += differing;
          apart = Math.max(apart, ...Array.from(ours, (value, i) => Math.abs(value - theirs[i])));
        }
      }
    }
    expect(compared).toBeGreaterThan(20);
    // Through float, ONNX Runtime rounds elsewhere: by one step at most, seldom.
    expect(apart).toBeLessThanOrEqual(1);
    expect(unfused).toBeLessThan(0.02 * compared + 2);
  });
});
