import { describe, expect, it } from "vitest";
import { VargenError } from "../../errors.ts";
import { encodeModel, initializer, type Node, operatorNode, type Tensor, valueInfo } from "../proto.ts";
import { readFloatNetwork } from "./read.ts";

const constants = [
  initializer("w", [2, 2, 1, 1], Float32Array.of(1, 2, 3, 4)),
  ...["scale", "shift", "mean", "variance"].map((name) => initializer(name, [2], new Float32Array(2).fill(1))),
  initializer("three", [3], new Float32Array(3)),
  initializer("fc", [3, 8], new Float32Array(24)),
  initializer("k", [2, 2, 3, 3], new Float32Array(36)),
  initializer("pixels", [2, 2, 1], new Float32Array(4)),
];

function read(nodes: readonly Node[], output = "y", more: readonly Tensor[] = []) {
  const graph = { input: [valueInfo("x", "float", [1, 2, 2, 2])], output: [valueInfo(output, "float", [1, 2, 2, 2])] };
  return readFloatNetwork(
    encodeModel({ name: "net", node: [...nodes], initializer: [...constants, ...more], ...graph }),
    "f.onnx",
  );
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

  it("keeps what cannot fold as depthwise convolutions", () => {
    const relu = (input: string, output: string) => operatorNode("Relu", output, [input], [output]);
    const before = read([relu("x", "r"), operatorNode("Conv", "c", ["r", "w"], ["y"])]).graph.nodes;
    expect(before).toMatchObject([
      { kind: "conv", name: "r", groups: 2, relu: true },
      { kind: "conv", name: "c", groups: 1, relu: false },
    ]);
    const twice = read([conv, relu("c", "r"), operatorNode("Add", "a", ["r", "c"], ["y"])]).graph.nodes;
    expect(twice.map(({ name }) => name)).toEqual(["c", "r", "a"]);
    const after = read([conv, relu("c", "r"), normalization("r", "y")]).graph.nodes;
    expect(after).toMatchObject([
      { name: "c", relu: true },
      { name: "bn", groups: 2, relu: false },
    ]);
  });

  it("folds normalisation into the convolution after it, and padding", () => {
    const pads = initializer("p", [8], BigInt64Array.of(0n, 0n, 1n, 0n, 0n, 0n, 0n, 2n));
    const first = read([normalization("x", "n"), operatorNode("Conv", "c", ["n", "w"], ["y"])]);
    expect(first.graph.nodes).toMatchObject([{ name: "c", input: "x" }]);
    // Weights times 0.5, and each offset of 0.5 times the sum of a row.
    expect([...(first.parameters.get("c")?.weights ?? [])]).toEqual([0.5, 1, 1.5, 2]);
    expect([...(first.parameters.get("c")?.bias ?? [])]).toEqual([1.5, 3.5]);
    const padded = read(
      [operatorNode("Pad", "pad", ["x", "p"], ["n"]), operatorNode("Conv", "c", ["n", "w"], ["y"])],
      "y",
      [pads],
    );
    expect(padded.graph.nodes).toMatchObject([{ name: "c", padding: { top: 1, left: 0, bottom: 0, right: 2 } }]);
  });

  it("reads several outputs and leaves out what none needs", () => {
    const nodes = [conv, operatorNode("Relu", "r", ["c"], ["y"]), operatorNode("Relu", "unused", ["x"], ["u"])];
    const graph = {
      input: [valueInfo("x", "float", [1, 2, 2, 2])],
      output: ["y", "c"].map((name) => valueInfo(name, "float", [1, 2, 2, 2])),
    };
    const bytes = encodeModel({ name: "net", node: nodes, initializer: constants, ...graph });
    const network = readFloatNetwork(bytes, "f.onnx").graph;
    expect(network.nodes.map(({ name }) => name)).toEqual(["c", "r"]);
    expect(network.outputs).toEqual(["r", "c"]);
  });

  it("leaves a Softmax at the end to the host, and computes shapes when it reads them", () => {
    const ended = read([conv, operatorNode("Softmax", "s", ["c"], ["y"])]);
    expect(ended.graph).toMatchObject({ outputs: ["c"], nodes: [{ name: "c" }] });
    const index = initializer("zero", [], BigInt64Array.of(0n));
    const rest = initializer("rest", [1], BigInt64Array.of(-1n));
    const nodes = [
      operatorNode("Shape", "shape", ["c"], ["shape"]),
      operatorNode("Gather", "batch", ["shape", "zero"], ["batch"]),
      operatorNode("Unsqueeze", "list", ["batch", "axes"], ["list"]),
      operatorNode("Concat", "wanted", ["list", "rest"], ["wanted"], { axis: 0 }),
      operatorNode("Reshape", "flat", ["c", "wanted"], ["flat"]),
      operatorNode("Gemm", "g", ["flat", "fc"], ["y"], { transB: 1 }),
    ];
    const axes = initializer("axes", [1], BigInt64Array.of(0n));
    const { graph } = read([conv, ...nodes], "y", [index, rest, axes]);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(["conv", "gemm"]);
  });

  it("names a network after its file where PyTorch did not name it", () => {
    const graph = { input: [valueInfo("x", "float", [1, 2, 2, 2])], output: [valueInfo("c", "float", [1, 2, 2, 2])] };
    const named = (name: string): string =>
      readFloatNetwork(encodeModel({ name, node: [conv], initializer: constants, ...graph }), "a/b/resnet.onnx").graph
        .name;
    expect([named("torch_jit"), named("mine")]).toEqual(["resnet", "mine"]);
  });

  it("lists all problems at once", () => {
    const nodes = [operatorNode("Softplus", "s", ["x"], ["y"]), operatorNode("Gelu", "g", ["x"], ["z"])];
    expect(() => read(nodes)).toThrow(/Softplus[\s\S]*Gelu/);
  });

  it.each<[string, readonly Node[], string]>([
    ["an unsupported operator", [operatorNode("Softplus", "s", ["x"], ["y"])], "operator Softplus is not supported"],
    ["a wrong bias", [operatorNode("Conv", "c", ["x", "w", "three"], ["y"])], "3 biases for 2"],
    ["weights that are not constant", [operatorNode("Conv", "c", ["x", "x"], ["y"])], "not a constant"],
    [
      "a sum of two shapes",
      [conv, operatorNode("GlobalAveragePool", "p", ["c"], ["p"]), operatorNode("Add", "a", ["c", "p"], ["y"])],
      "shapes [1,2,2,2] and [1,2,1,1]",
    ],
    ["weights for other inputs", [operatorNode("Gemm", "g", ["x", "fc"], ["y"])], "flatten it to [1, values]"],
    ["a product of activations", [conv, operatorNode("Mul", "m", ["c", "x"], ["y"])], "Mul of two activations"],
    ["a quotient of a constant", [operatorNode("Div", "d", ["scale", "x"], ["y"])], "divides a constant"],
    ["a clip below 0", [operatorNode("Clip", "c", ["x"], ["y"], { min: { float: -1 } })], "clips to [-1"],
    [
      "training mode",
      [{ ...normalization("x", "y"), attribute: [{ name: "training_mode", type: 2, i: 1 }] }],
      "eval()",
    ],
    ["dilation", [operatorNode("Conv", "c", ["x", "k"], ["y"], { dilations: [2, 2] })], "use dilations 1"],
    ["constants per pixel", [operatorNode("Add", "a", ["x", "pixels"], ["y"])], "one value per channel"],
    ["a quantised file", [operatorNode("QuantizeLinear", "q", ["x", "one", "zero"], ["y"])], "see vargen import"],
    ["an activation that the hardware has not", [operatorNode("HardSwish", "h", ["x"], ["y"])], "train with Relu"],
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
