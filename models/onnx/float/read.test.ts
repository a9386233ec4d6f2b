import { describe, expect, it } from "vitest";
import { VargenError } from "../../errors.ts";
import { encodeModel, initializer, type Node, operatorNode, valueInfo } from "../proto.ts";
import { readFloatNetwork } from "./read.ts";

const constants = [
  initializer("w", [2, 2, 1, 1], Float32Array.of(1, 2, 3, 4)),
  ...["scale", "shift", "mean", "variance"].map((name) => initializer(name, [2], new Float32Array(2).fill(1))),
  initializer("three", [3], new Float32Array(3)),
  initializer("fc", [3, 8], new Float32Array(24)),
];

function read(nodes: readonly Node[], output = "y") {
  const graph = { input: [valueInfo("x", "float", [1, 2, 2, 2])], output: [valueInfo(output, "float", [1, 2, 2, 2])] };
  return readFloatNetwork(encodeModel({ name: "net", node: [...nodes], initializer: constants, ...graph }), "f.onnx");
}

const conv = operatorNode("Conv", "c", ["x", "w"], ["c"]);
const normalization = (input: string, output: string) =>
  operatorNode("BatchNormalization", "bn", [input, "scale", "shift", "mean", "variance"], [output], {
    epsilon: { float: 3 },
  });

describe("readFloatNetwork", () => {
  it("folds batch normalisation and ReLU into their convolution", () => {
    const { graph, parameters } = read([conv, normalization("c", "n"), operatorNode("Relu", "r", ["n"], ["y"])]);
    expect(graph.nodes).toMatchObject([{ kind: "conv", name: "c", batchNorm: true, relu: true, outputChannels: 2 }]);
    expect(graph.outputs).toEqual(["c"]);
    // 1 / sqrt(1 + 3) = 0.5, and the bias (0 - 1) * 0.5 + 1.
    expect([...(parameters.get("c")?.weights ?? [])]).toEqual([0.5, 1, 1.5, 2]);
    expect([...(parameters.get("c")?.bias ?? [])]).toEqual([0.5, 0.5]);
  });

  it.each<[string, readonly Node[], string]>([
    ["an unsupported operator", [operatorNode("Softmax", "s", ["x"], ["y"])], "operator Softmax is not supported"],
    ["a ReLU of the input", [operatorNode("Relu", "r", ["x"], ["y"])], "'x' is not made by an earlier node"],
    [
      "normalisation after ReLU",
      [conv, operatorNode("Relu", "r", ["c"], ["r"]), normalization("r", "y")],
      "follows a Relu",
    ],
    [
      "a tensor read before and after its ReLU",
      [conv, operatorNode("Relu", "r", ["c"], ["r"]), operatorNode("Add", "a", ["r", "c"], ["y"])],
      "read by other nodes too",
    ],
    ["a wrong bias", [operatorNode("Conv", "c", ["x", "w", "three"], ["y"])], "3 biases for 2"],
    ["weights that are not constant", [operatorNode("Conv", "c", ["x", "x"], ["y"])], "not a constant"],
    [
      "a sum of two shapes",
      [conv, operatorNode("GlobalAveragePool", "p", ["c"], ["p"]), operatorNode("Add", "a", ["c", "p"], ["y"])],
      "'p' 2x1x1",
    ],
    ["untransposed weights", [operatorNode("Gemm", "g", ["x", "fc"], ["y"])], "transB"],
    ["an output that nothing makes", [operatorNode("Conv", "c", ["x", "w"], ["z"])], "output 'y'"],
    [
      "two groups of one channel",
      [operatorNode("Conv", "c", ["x", "w"], ["y"], { group: 2 })],
      "do not fit the 2 channels",
    ],
  ])("refuses %s", (_, nodes, words) => {
    expect(() => read(nodes)).toThrow(VargenError);
    expect(() => read(nodes)).toThrow(words);
  });
});
