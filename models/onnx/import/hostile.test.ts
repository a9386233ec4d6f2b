import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../random/random.ts";
import { Awkward, importProblems } from "../../testing/awkward.ts";
import { QdqBuilder } from "../../testing/qdq.ts";
import { valueInfo } from "../proto.ts";

/** Seconds of processor time that any file may take. */
const limit = 5;

/** Problems of a file, which must come soon. */
function soon(bytes: Uint8Array): string {
  const started = process.cpuUsage();
  const problems = importProblems(bytes);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(limit);
  return problems.map(({ message }) => message).join("\n");
}

function chain(g: Awkward, length: number, add: (from: string, to: string) => void): void {
  for (let i = 0; i < length; i++) add(i === 0 ? "a" : `t${i}`, `t${i + 1}`);
  g.finish(`t${length}`);
}

/** Small files that ask for much. */
const hostile: Readonly<Record<string, readonly [(g: Awkward) => void, string]>> = {
  "an input of 2^60 values": [(g) => (g.inputs = [valueInfo("x", "uint8", [1, 2 ** 20, 2 ** 20, 2 ** 20])]), "values"],
  "40 doublings": [
    (g) => {
      g.named("scales", [4], Float32Array.of(1, 1, 2, 2));
      const attributes = { coordinate_transformation_mode: { text: "asymmetric" }, nearest_mode: { text: "floor" } };
      chain(g, 40, (from, to) => g.node("Resize", [from, "", "scales"], to, attributes));
    },
    "more than the",
  ],
  "padding by 2^40": [
    (g) => {
      g.node("Pad", ["a", g.integers(0, 0, 2 ** 40, 0, 0, 0, 0, 0)], "c");
      g.finish("c");
    },
    "more than the",
  ],
  "weights of 2^40 channels without data": [
    (g) => {
      g.constants.push({ name: "huge", dims: [2 ** 40, 0, 1, 1], dataType: 3 });
      g.node("DequantizeLinear", ["huge", "s", ""], "hw");
      g.conv({}, ["a", "hw"]);
    },
    "its shape",
  ],
  "a kernel of 2^40": [(g) => g.conv({ kernel_shape: [2 ** 40, 3] }), "kernel_shape"],
  "20,000 slices of a million channels": [
    (g) => {
      g.inputs = [valueInfo("x", "uint8", [1, 2 ** 20, 1, 1])];
      const bounds = [g.integers(0), g.integers(2 ** 19), g.integers(1)];
      for (let i = 0; i < 20_000; i++) g.node("Slice", ["a", ...bounds], `t${i}`);
      g.finish("t1");
    },
    "constants take more than",
  ],
  "20,000 fully connected layers of one weight": [
    (g) => {
      g.named("m", [1024, 1024], new Int8Array(2 ** 20));
      g.node("DequantizeLinear", ["m", "s", ""], "matrix");
      for (let i = 0; i < 20_000; i++) g.node("MatMul", ["a", "matrix"], `t${i}`);
      g.finish("t1");
    },
    "constants take more than",
  ],
  "10,000 pools before the quantisation": [
    (g) => {
      g.node("Conv", ["a", "weights"], "t0");
      for (let i = 0; i < 10_000; i++) g.node("MaxPool", [`t${i}`], `t${i + 1}`, { kernel_shape: [1, 1] });
      g.finish("t10000");
    },
    "operators follow",
  ],
  "a reshape to 100,000 dimensions": [
    (g) => {
      g.node("Reshape", ["a", g.integers(...new Array<number>(100_000).fill(1), -1)], "c");
      g.finish("c");
    },
    "100001 dimensions",
  ],
  "a split into 100,000 parts": [
    (g) => {
      g.node("Split", ["a"], "c", { axis: 1 });
      g.nodes[g.nodes.length - 1].output = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
      g.finish("c0");
    },
    "100000 parts",
  ],
};

describe("a hostile ONNX file", () => {
  it.each(Object.keys(hostile))("asks for %s", (name) => {
    const [change, words] = hostile[name];
    const g = new Awkward();
    change(g);
    expect(soon(g.bytes())).toContain(words);
  });

  it("may be long: 20,000 nodes of one name are read", () => {
    const g = new Awkward();
    chain(g, 20_000, (from, to) => g.node("MaxPool", [from], to, { kernel_shape: [1, 1] }));
    for (const node of g.nodes) node.name = "same/name";
    expect(soon(g.bytes())).toBe("");
  });
});

describe("a damaged QDQ file", () => {
  const graph = new QdqBuilder(new Random(3), [1, 8, 6, 6]);
  graph.conv(8, { kernel: 3, groups: 2, pad: 1 }, ["Relu"]);
  graph.shuffle(2);
  graph.splitConcat();
  graph.pad([0, 1, 1, 0]);
  graph.unary("AveragePool", { kernel_shape: [2, 2], strides: [2, 2] });
  graph.resize();
  graph.unary("GlobalAveragePool");
  const sound = Uint8Array.from(graph.build().bytes);

  it("is read while it is sound", () => {
    expect(soon(sound)).toBe("");
  });

  it("gives problems or a network soon, whatever bits are flipped", () => {
    const flip = fc.tuple(fc.nat(sound.length - 1), fc.nat(7));
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 12 }), (flips) => {
        const bytes = sound.slice();
        for (const [position, bit] of flips) bytes[position] ^= 1 << bit;
        soon(bytes);
      }),
      { seed: 31, numRuns: 800 },
    );
  });

  it("is noticed when it is cut short", () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        expect(soon(sound.subarray(0, length))).not.toBe("");
      }),
      { seed: 32, numRuns: 200 },
    );
  });

  it("survives nodes that are exchanged, doubled or left out", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(2), (a, b, how) => {
        const bytes = graph.rearranged((nodes) => {
          const [i, j] = [a % nodes.length, b % nodes.length];
          if (how === 0) nodes.splice(i, 1);
          else if (how === 1) nodes.splice(i, 0, nodes[j]);
          else [nodes[i], nodes[j]] = [nodes[j], nodes[i]];
        });
        soon(bytes);
      }),
      { seed: 33, numRuns: 300 },
    );
  });
});
