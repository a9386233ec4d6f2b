import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../errors.ts";
import { seededNetwork } from "../networks/index.ts";
import { problemsOf } from "../testing/problems.ts";
import { readFloatNetwork, readNetwork, writeNetwork } from "./index.ts";
import {
  decodeModel,
  encodeModel,
  initializer,
  type Node,
  operatorNode,
  type Tensor,
  type ValueInfo,
  valueInfo,
} from "./proto.ts";

function readProblems(bytes: Uint8Array, read: (bytes: Uint8Array, name: string) => unknown = readNetwork) {
  return problemsOf(() => read(bytes, "net.onnx"));
}

interface SpoilableGraph {
  name: string;
  node: Node[];
  initializer: Tensor[];
  input: ValueInfo[];
  output: ValueInfo[];
}

/** A sound graph to spoil: one convolution and a sum. */
function graph(): SpoilableGraph {
  const scalar = (name: string, value: number) => initializer(name, [], Float32Array.of(value));
  const conv = ["x", "s", "z", "w", "ws", "wz", "s", "z", "b"];
  return {
    name: "net",
    node: [
      operatorNode("QLinearConv", "conv", conv, ["y"], { kernel_shape: [1, 1] }),
      operatorNode("QLinearAdd", "add", ["x", "s", "z", "y", "s", "z", "t", "z"], ["sum"], {}, "com.microsoft"),
    ],
    initializer: [
      scalar("s", 0.5),
      scalar("t", 0.75),
      initializer("z", [], Uint8Array.of(3)),
      initializer("w", [2, 2, 1, 1], Int8Array.of(1, 2, 3, 4)),
      initializer("ws", [2], Float32Array.of(0.1, 0.2)),
      initializer("wz", [2], new Int8Array(2)),
      initializer("b", [2], Int32Array.of(5, 6)),
    ],
    input: [valueInfo("x", "uint8", [1, 2, 3, 3])],
    output: [valueInfo("sum", "uint8", [1, 2, 3, 3])],
  };
}

function spoiled(change: (g: SpoilableGraph) => void): readonly Problem[] {
  const g = graph();
  change(g);
  return readProblems(encodeModel(g));
}

const constant = (g: SpoilableGraph, name: string, replacement: ReturnType<typeof initializer>) => {
  g.initializer = g.initializer.map((tensor) => (tensor.name === name ? { ...replacement, name } : tensor));
};

describe("a quantised ONNX file that cannot be read", () => {
  it("is read while it is sound", () => {
    expect(spoiled(() => {})).toEqual([]);
  });

  it.each<[string, (g: SpoilableGraph) => void, string]>([
    ["an unknown operator", (g) => (g.node[0].opType = "Softplus"), "supported are QuantizeLinear"],
    ["a float operator over integers", (g) => (g.node[0].opType = "Conv"), "where floats are needed"],
    [
      "a dilated convolution",
      (g) => {
        g.node[0] = operatorNode("QLinearConv", "conv", g.node[0].input ?? [], ["y"], { dilations: [2, 2] });
        constant(g, "w", initializer("w", [2, 2, 2, 2], new Int8Array(16)));
      },
      "dilations",
    ],
    [
      "automatic padding",
      (g) => (g.node[0].attribute = [{ name: "auto_pad", type: 3, s: new TextEncoder().encode("SAME") }]),
      "auto_pad",
    ],
    ["three strides", (g) => (g.node[0].attribute = [{ name: "strides", type: 7, ints: [1, 1, 1] }]), "strides"],
    ["stride 0", (g) => (g.node[0].attribute = [{ name: "strides", type: 7, ints: [0, 1] }]), "stride.y"],
    ["groups that do not divide", (g) => (g.node[0].attribute = [{ name: "group", type: 2, i: 3 }]), "groups"],
    ["weights of another type", (g) => constant(g, "w", initializer("w", [2, 2, 1, 1], new Uint8Array(4))), "uint8"],
    [
      "too few weights",
      (g) => constant(g, "w", { dataType: 3, dims: [2, 2, 1, 1], rawData: new Uint8Array(3) }),
      "3 values",
    ],
    [
      "weights for other channels",
      (g) => constant(g, "w", initializer("w", [2, 1, 1, 1], new Int8Array(2))),
      "channels",
    ],
    ["asymmetric weights", (g) => constant(g, "wz", initializer("wz", [2], Int8Array.of(0, -125))), "zero point -125"],
    [
      "too few weight scales",
      (g) => constant(g, "ws", initializer("ws", [3], new Float32Array(3).fill(1))),
      "3 weight scales",
    ],
    ["a negative scale", (g) => constant(g, "s", initializer("s", [], Float32Array.of(-1))), "not a positive number"],
    [
      "a scale that is no number",
      (g) => constant(g, "s", initializer("s", [], Float32Array.of(Number.NaN))),
      "not a positive number",
    ],
    ["several zero points", (g) => constant(g, "z", initializer("z", [2], new Uint8Array(2))), "per tensor"],
    ["a bias of another length", (g) => constant(g, "b", initializer("b", [1], new Int32Array(1))), "1 biases"],
    [
      "a missing constant",
      (g) => (g.initializer = g.initializer.filter((tensor) => tensor.name !== "w")),
      "not a constant",
    ],
    [
      "an undefined input",
      (g) => (g.node[1].input = ["q", ...(g.node[1].input ?? []).slice(1)]),
      "not made by an earlier node",
    ],
    ["a missing input", (g) => (g.node[1].input = (g.node[1].input ?? []).slice(0, 5)), "left out"],
    [
      "another scale than it was made with",
      (g) => (g.node[1].input = ["x", "t", "z", "y", "s", "z", "t", "z"]),
      "read as uint8 with scale 0.75",
    ],
    ["an unknown output", (g) => (g.output = [valueInfo("q", "uint8", [1, 2, 3, 3])]), "'q'"],
    ["two inputs", (g) => g.input.push(valueInfo("x2", "uint8", [1])), "2 inputs"],
    [
      "an open input size",
      (g) =>
        (g.input = [
          { name: "x", type: { tensorType: { elemType: 2, shape: { dim: [{ dimValue: 1 }, { dimParam: "c" }] } } } },
        ]),
      "its shape",
    ],
    ["an input of another type", (g) => (g.input = [valueInfo("x", "int8", [1, 2, 3, 3])]), "int8"],
    ["a kernel larger than its input", (g) => (g.input = [valueInfo("x", "uint8", [1, 3, 3, 3])]), "channels"],
    ["a name used twice", (g) => (g.node[1].name = "conv"), "two layers"],
    ["external data", (g) => constant(g, "w", { dataType: 3, dims: [2, 2, 1, 1], dataLocation: 1 }), "another file"],
  ])("has %s", (_, change, words) => {
    const problems = spoiled(change);
    expect(problems.map(({ path, message, hint }) => `${path}: ${message} ${hint}`).join("\n")).toContain(words);
    for (const problem of problems) expect(problem.path).toContain("net.onnx");
  });

  it("lists all problems at once and does not repeat what follows from them", () => {
    const problems = spoiled((g) => {
      g.node[0].opType = "QLinearMatMul";
      g.node.push(operatorNode("Softplus", "soft", ["sum"], ["p"]));
    });
    expect(problems.map((problem) => problem.path)).toEqual([
      "net.onnx: QLinearMatMul 'conv'",
      "net.onnx: Softplus 'soft'",
    ]);
  });

  it("is no ONNX at all", () => {
    for (const bytes of [new Uint8Array(), new TextEncoder().encode("hello, world"), new Uint8Array(1000).fill(255)])
      for (const read of [readNetwork, readFloatNetwork])
        expect(readProblems(bytes, read)[0]).toMatchObject({ code: "onnx/damaged", path: "net.onnx" });
  });
});

describe("a damaged ONNX file", () => {
  let sound = new Uint8Array();
  beforeAll(() => {
    sound = Uint8Array.from(writeNetwork(seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 32, classes: 10 })));
  });

  it("gives problems or a network, never another error, wherever bytes are changed", () => {
    const names = decodeModel(sound).graph?.node?.length ?? 0;
    expect(names).toBeGreaterThan(20);
    const change = fc.tuple(fc.oneof(fc.nat(sound.length - 1), fc.nat(9000)), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const bytes = sound.slice();
        for (const [position, value] of changes) bytes[position] = value;
        readProblems(bytes);
        readProblems(bytes, readFloatNetwork);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it("is noticed when it is cut short anywhere", () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        expect(readProblems(sound.subarray(0, length)).length).toBeGreaterThan(0);
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});
