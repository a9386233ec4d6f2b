import { describe, expect, it } from "vitest";
import type { NetworkGraph } from "../graph/graph.ts";
import { networkGraph } from "./catalog.ts";
import { intensityOf, quantizedIntensity } from "./intensity.ts";
import { seededNetwork } from "./seeded.ts";
import { GraphWriter } from "./writer.ts";

describe("intensityOf", () => {
  it("is 9 and 256 in the paper's example", () => {
    const writer = new GraphWriter("x", 256);
    const output = writer.conv("b/point", writer.depthwise("b/depthwise", "x"), 256);
    const inputShape = { channels: 256, height: 28, width: 28 };
    const graph: NetworkGraph = { name: "example", input: "x", inputShape, outputs: [output], nodes: writer.nodes };
    const { layers, blocks } = intensityOf(graph);
    expect(layers.map(({ kind, intensity }) => [kind, intensity])).toEqual([
      ["depthwise", 9],
      ["pointwise", 256],
    ]);
    expect(blocks).toEqual([{ block: "b", layers: 2, lowest: 9, highest: 256, ratio: 256 / 9 }]);
  });

  it("finds VarGNet's blocks better balanced than MobileNet's and ShuffleNet's, whatever the scale", () => {
    const mean = (name: string, scale: number) => intensityOf(networkGraph(name, { scale })).meanRatio;
    for (const scale of [0.25, 0.5, 0.75, 1])
      for (const vargnet of ["vargnet-v1", "vargnet-v2"])
        for (const other of ["mobilenet-v1", "mobilenet-v2", "shufflenet-v2"])
          expect(mean(vargnet, scale), `${vargnet} ${other} ${scale}`).toBeLessThan(mean(other, scale));
  });

  it("has one intensity of a group convolution over the whole network: 12 G, or 6 G at stride 2", () => {
    for (const group of [4, 8]) {
      const { layers } = intensityOf(networkGraph("vargnet-v1", { group }));
      const values = layers.filter(({ kind }) => kind === "group").map(({ intensity }) => intensity);
      expect([...new Set(values)].sort((a, b) => a - b)).toEqual([6 * group, 12 * group]);
    }
  });

  it("is the same of a quantised network", () => {
    const options = { scale: 0.25, inputSize: 32, classes: 10 };
    const float = intensityOf(networkGraph("vargnet-v2", options));
    const { layers, blocks } = quantizedIntensity(seededNetwork("vargnet-v2", options));
    expect({ layers, blocks }).toEqual({ layers: float.layers, blocks: float.blocks });
  });

  it("has no balance without blocks", () => {
    const graph: NetworkGraph = {
      name: "none",
      input: "x",
      inputShape: { channels: 1, height: 1, width: 1 },
      outputs: ["x"],
      nodes: [],
    };
    expect(intensityOf(graph)).toEqual({
      network: "none",
      madds: 0,
      layers: [],
      blocks: [],
      worstRatio: 1,
      meanRatio: 1,
    });
  });
});
