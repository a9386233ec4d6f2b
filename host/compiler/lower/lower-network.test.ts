import { describe, expect, it } from "vitest";
import type { Network } from "../../../models/ir/network.ts";
import { branchNetwork, convLayer, convNetwork } from "../../testing/networks.ts";
import { isConcatenation, lowerNetwork } from "./lower-network.ts";
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

  it("leaves it alone when the operand is wanted, read twice, or the same tensor twice", () => {
    const network = branchNetwork(8, 4);
    expect(names(network, ["b"])).toEqual([["a"], ["b"], ["sum"], ["c"]]);
    const [a, b, sum] = network.layers;
    const twice = { ...convLayer("c", "b", { inputs: 8, outputs: 8 }) };
    expect(names({ ...network, layers: [a, b, sum, twice] })).toEqual([["a"], ["b"], ["sum"], ["c"]]);
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
