import { describe, expect, it } from "vitest";
import type { GraphNode, NetworkGraph } from "./graph.ts";
import { runFloat } from "./run-float.ts";
import { graphShapes } from "./shapes.ts";

const window = {
  kernel: { height: 3, width: 3 },
  stride: { y: 2, x: 2 },
  padding: { top: 1, left: 1, bottom: 1, right: 1 },
};

/** What one node makes of 1, 2, 3, ... */
function run(node: GraphNode, channels: number, height: number, width: number): readonly number[] {
  const inputShape = { channels, height, width };
  const graph: NetworkGraph = { name: "one", input: "x", inputShape, outputs: ["y"], nodes: [node] };
  const input = new Float32Array(channels * height * width).map((_, i) => i + 1);
  const output = runFloat({ graph, parameters: new Map() }, input).get("y") ?? new Float32Array();
  const shape = graphShapes(graph).get("y");
  expect(output).toHaveLength((shape?.channels ?? 0) * (shape?.height ?? 0) * (shape?.width ?? 0));
  return [...output];
}

describe("runFloat", () => {
  it("pools, without the padding", () => {
    expect(run({ kind: "maxPool", name: "y", input: "x", ...window }, 1, 4, 4)).toEqual([6, 8, 14, 16]);
    expect(run({ kind: "averagePool", name: "y", input: "x", ...window }, 1, 4, 4)).toEqual([3.5, 5, 9.5, 11]);
    expect(run({ kind: "maxPool", name: "y", input: "x", ...window }, 2, 1, 3)).toEqual([2, 3, 5, 6]);
  });

  it("upsamples to the nearest", () => {
    const expected = [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4];
    expect(run({ kind: "upsample", name: "y", input: "x" }, 2, 1, 2)).toEqual(expected);
  });

  it("concatenates, splits and shuffles channels", () => {
    const three = [1, 2, 3, 4, 5, 6];
    expect(run({ kind: "concat", name: "y", inputs: ["x", "x"] }, 3, 1, 2)).toEqual([...three, ...three]);
    expect(run({ kind: "split", name: "y", input: "x", start: 1, channels: 2 }, 3, 1, 2)).toEqual([3, 4, 5, 6]);
    expect(run({ kind: "channelShuffle", name: "y", input: "x", groups: 2 }, 6, 1, 1)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(run({ kind: "channelShuffle", name: "y", input: "x", groups: 3 }, 6, 1, 1)).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it("bounds a ReLU6", () => {
    const graph: NetworkGraph = {
      name: "relu6",
      input: "x",
      inputShape: { channels: 1, height: 1, width: 3 },
      outputs: ["y"],
      nodes: [
        {
          ...{ kind: "conv", name: "y", input: "x", outputChannels: 1, groups: 1, batchNorm: false },
          kernel: { height: 1, width: 1 },
          stride: { y: 1, x: 1 },
          padding: { top: 0, left: 0, bottom: 0, right: 0 },
          relu: true,
          ceiling: 6,
        },
      ],
    };
    const parameters = new Map([["y", { weights: Float32Array.of(2), bias: Float32Array.of(1) }]]);
    expect(runFloat({ graph, parameters }, Float32Array.of(-3, 2, 4)).get("y")).toEqual(Float32Array.of(0, 5, 6));
  });
});

describe("graphShapes", () => {
  it("refuses operands that do not fit", () => {
    const graph = (nodes: readonly GraphNode[]): NetworkGraph => ({
      name: "bad",
      input: "x",
      inputShape: { channels: 2, height: 2, width: 2 },
      outputs: ["y"],
      nodes: [{ kind: "upsample", name: "big", input: "x" }, ...nodes],
    });
    expect(() => graphShapes(graph([{ kind: "concat", name: "y", inputs: ["x", "big"] }]))).toThrow("do not fit");
    expect(() => graphShapes(graph([{ kind: "add", name: "y", inputs: ["x", "big"], relu: true }]))).toThrow(
      "inputs of y",
    );
    expect(() => graphShapes(graph([{ kind: "upsample", name: "y", input: "z" }]))).toThrow("no tensor 'z'");
  });
});
