import { describe, expect, it } from "vitest";
import type { Network } from "../../../models/ir/network.ts";
import { branchNetwork, convLayer, convNetwork, networkOver, testQuantization } from "../../testing/networks.ts";
import { lowerNetwork } from "./lower-network.ts";
import { isConcatenation } from "./lowered.ts";
import type { LogicalOperation } from "./operation.ts";

const operationsOf = (network: Network, keep: readonly string[] = []): readonly LogicalOperation[] =>
  lowerNetwork(network, new Set(keep)).items.flatMap((item) => (isConcatenation(item) ? [] : [item]));
const names = (network: Network, keep: readonly string[] = []): readonly (readonly string[])[] =>
  operationsOf(network, keep).map(({ layers }) => layers);

describe("lowerNetwork", () => {
  it("fuses an addition into the convolution that makes its later operand", () => {
    const network = branchNetwork(8, 4);
    const operations = operationsOf(network);
    const { fused } = lowerNetwork(network, new Set());
    expect(operations.map(({ layers }) => layers)).toEqual([["a"], ["b", "sum"], ["c"]]);
    expect(operations[1]).toMatchObject({ name: "sum", residual: "a", output: "sum" });
    expect([...fused]).toEqual([["b", "sum"]]);
  });

  it("moves a convolution behind an upsampling that is added to it", () => {
    const builder = networkOver(8, 4);
    builder.add(convLayer("half", "x", { inputs: 8, outputs: 8, stride: 2 }), testQuantization);
    builder.add(convLayer("lateral", "x", { inputs: 8, outputs: 8 }), testQuantization);
    builder.add({ kind: "upsample", name: "up", input: "half", output: "up" }, testQuantization);
    builder.add({ kind: "add", name: "sum", inputs: ["lateral", "up"], output: "sum" }, testQuantization);
    expect(names(builder.build())).toEqual([["half"], ["up"], ["lateral", "sum"]]);
  });

  it("takes the other operand, later, when one is wanted or read twice", () => {
    const network = branchNetwork(8, 4);
    expect(names(network, ["b"])).toEqual([["b"], ["a", "sum"], ["c"]]);
    const [a, b, sum] = network.layers;
    const twice = { ...convLayer("c", "b", { inputs: 8, outputs: 8 }) };
    expect(names({ ...network, layers: [a, b, sum, twice] })).toEqual([["b"], ["a", "sum"], ["c"]]);
  });

  it("copies when both are, or when they are the same tensor", () => {
    const network = branchNetwork(8, 4);
    expect(names(network, ["a", "b"])).toEqual([["a"], ["b"], ["sum"], ["c"]]);
    const [a] = network.layers;
    const same = { kind: "add", name: "sum", inputs: ["a", "a"], output: "sum" } as const;
    expect(names({ ...network, layers: [a, same] })).toEqual([["a"], ["sum"]]);
  });

  it("names every layer that the array cannot run, and why", () => {
    expect(() => lowerNetwork(convNetwork({ inputs: 3, outputs: 3, kernel: 3, stride: 3 }, 12), new Set())).toThrow(
      "compile/stride conv: stride 3x3 is not supported",
    );
    const network = convNetwork({ inputs: 3, outputs: 2 }, 2);
    const [conv] = network.layers;
    if (conv.kind !== "conv") throw new Error("no convolution");
    const scaled = { ...conv, weightScales: new Float32Array([32, 1]) };
    expect(() => lowerNetwork({ ...network, layers: [scaled] }, new Set())).toThrow(
      "compile/scale conv[0]: the factor 32",
    );
    const heavy = { ...conv, bias: new Int32Array([0, 2 ** 27]) };
    expect(() => lowerNetwork({ ...network, layers: [heavy] }, new Set())).toThrow(
      /compile\/accumulator conv\[1\]: the accumulator can reach 134\d+, more than 67108861/,
    );
  });
});
