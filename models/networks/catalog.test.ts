import { describe, expect, it } from "vitest";
import { countMacs, countParameters } from "../graph/count.ts";
import { graphShapes } from "../graph/shapes.ts";
import { networkProblems } from "../ir/validate.ts";
import { problemsOf } from "../testing/problems.ts";
import { networkGraph, networkNames, networkOptionNames } from "./catalog.ts";
import type { NetworkOptions } from "./options.ts";
import { seededNetwork } from "./seeded.ts";

/** Name, options, MAdds, parameters as they are trained: the counts that the networks' own publications are known for. */
const known: readonly (readonly [string, NetworkOptions, number, number])[] = [
  ["mobilenet-v1", {}, 568740352, 4231976],
  ["mobilenet-v2", {}, 300774272, 3504872],
  ["resnet-18", {}, 1814073344, 11689512],
  ["resnet-50", {}, 4089184256, 25557032],
  ["shufflenet-v1", {}, 137460672, 1865728],
];

/** MAdds in units of 2^20, to two decimals: after rounding, the published ones. */
const published: readonly (readonly [string, NetworkOptions, string])[] = [
  ["mobilenet-v1", { scale: 1 }, "542.39"],
  ["mobilenet-v1", { scale: 0.35 }, "71.97"],
  ["mobilenet-v1", { scale: 0.6 }, "200.64"],
  ["mobilenet-v1", { scale: 1.05 }, "593.94"],
  ["mobilenet-v1", { scale: 1.3 }, "902.64"],
  ["shufflenet-v2", { scale: 0.25 }, "51.28"],
  ["shufflenet-v2", { scale: 0.5 }, "122.98"],
  ["shufflenet-v2", { scale: 0.75 }, "223.21"],
  ["shufflenet-v2", { scale: 1 }, "341.68"],
  ["shufflenet-v2", { scale: 1.25 }, "493.81"],
  ["shufflenet-v2", { scale: 1.5 }, "665.63"],
  ["shufflenet-v2", { scale: 1.75 }, "863.16"],
  ["mobilenet-v1-face", {}, "553.67"],
  ["mobilenet-v2-face", {}, "313.18"],
];

function refused(run: () => unknown): readonly string[] {
  return problemsOf(run).map(({ code, path }) => `${code} ${path}`);
}

describe("networkGraph", () => {
  it.each(known)("%s %o has the known counts", (name, options, macs, parameters) => {
    const graph = networkGraph(name, options);
    expect({ macs: countMacs(graph), parameters: countParameters(graph) }).toEqual({ macs, parameters });
  });

  it.each(published)("%s %o has %s x 2^20 MAdds", (name, options, millions) => {
    expect((countMacs(networkGraph(name, options)) / 2 ** 20).toFixed(2)).toBe(millions);
  });

  it("counts the face networks as published", () => {
    expect(countMacs(networkGraph("vargnet-v1-face"))).toBe(632016896);
    expect(countMacs(networkGraph("vargnet-v2-face"))).toBe(372004864);
  });

  it.each(networkNames)("%s: names are unique, every tensor is made before its use, outputs exist", (name) => {
    const graph = networkGraph(name);
    const shapes = graphShapes(graph);
    expect(new Set(graph.nodes.map((node) => node.name)).size).toBe(graph.nodes.length);
    for (const output of graph.outputs) expect(shapes.has(output), output).toBe(true);
  });

  it("makes maps of the sizes asked for", () => {
    const shapeOf = (name: string, options: NetworkOptions, tensor: string) =>
      graphShapes(networkGraph(name, options)).get(tensor);
    const quarter = { scale: 0.25 };
    expect(shapeOf("vargnet-v1-depth", quarter, "depth")).toEqual({ channels: 1, height: 384, width: 1280 });
    expect(shapeOf("vargnet-v2-stereo", { ...quarter, inputSize: 64 }, "image")?.channels).toBe(6);
    const city = { ...quarter, classes: 30 };
    expect(shapeOf("vargnet-v2-parsing", city, "semantic/output")).toEqual({ channels: 30, height: 256, width: 512 });
    expect(shapeOf("vargnet-v2-parsing", city, "bottom.down/add")).toEqual({ channels: 128, height: 16, width: 32 });
    expect(shapeOf("vargnet-v1-detection", {}, "fpn4/smooth")).toEqual({ channels: 128, height: 200, width: 336 });
    expect(shapeOf("vargnet-v1-face", {}, "stage4.normal1/add")).toEqual({ channels: 512, height: 7, width: 7 });
    expect(networkGraph("vargnet-v1-detection").outputs).toHaveLength(8);
  });

  it("reports unknown names and all options out of range", () => {
    expect(refused(() => networkGraph("vargnet-v3"))).toEqual(["network/unknown vargnet-v3"]);
    expect(refused(() => networkGraph("shufflenet-v2", { scale: 0.3, inputSize: 0 }))).toEqual([
      "network/option scale",
      "network/option inputSize",
    ]);
    expect(refused(() => networkGraph("shufflenet-v1", { scale: 0.33 }))).toEqual(["network/option scale"]);
    expect(refused(() => networkGraph("shufflenet-v2", { scale: 2 }))).toEqual(["network/option scale"]);
    expect(refused(() => networkGraph("vargnet-v1-depth", { inputHeight: 375, inputWidth: 1242 }))).toEqual([
      "network/option inputHeight",
      "network/option inputWidth",
    ]);
  });
});

describe("networkOptionNames", () => {
  it("options that a network does not have are refused by name, with those that it has", () => {
    expect(networkOptionNames("resnet-18-depth")).toEqual(["inputSize", "inputHeight", "inputWidth", "inputChannels"]);
    for (const name of networkNames) {
      expect(networkOptionNames(name).includes("group"), name).toBe(name.startsWith("vargnet"));
      expect(networkOptionNames(name).includes("scale"), name).toBe(!name.startsWith("resnet"));
    }
    expect(refused(() => networkGraph("resnet-18", { scale: 1, group: 8, inputSize: 0 }))).toEqual([
      "network/option scale",
      "network/option group",
    ]);
    expect(() => networkGraph("mobilenet-v1-detection", { classes: 3 })).toThrow(
      "classes: mobilenet-v1-detection has no such option (it has: scale, inputSize,",
    );
  });
});

describe("seededNetwork", () => {
  it("makes networks of operators that int8 networks have, depthwise convolutions among them", () => {
    const network = seededNetwork("mobilenet-v1", { scale: 0.25, inputSize: 32, classes: 10 });
    expect(networkProblems(network)).toEqual([]);
    expect([...network.blocks.keys()]).toHaveLength(13);
  });
});
