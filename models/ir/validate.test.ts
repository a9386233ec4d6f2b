import { describe, expect, it } from "vitest";
import { VargenError } from "../errors.ts";
import { NetworkBuilder } from "./builder.ts";
import type { AddLayer, ConvLayer, GemmLayer, Network, Quantization, TensorInfo } from "./network.ts";
import { networkProblems } from "./validate.ts";

const q: Quantization = { dtype: "uint8", scale: 0.5, zeroPoint: 3 };
const conv: ConvLayer = {
  kind: "conv",
  name: "b.1/conv",
  input: "x",
  output: "y",
  groups: 2,
  kernel: { height: 3, width: 3 },
  stride: { y: 2, x: 1 },
  padding: { top: 1, left: 0, bottom: 0, right: 2 },
  weights: new Int8Array(4 * 2 * 9),
  weightScales: new Float32Array(4).fill(1),
  bias: new Int32Array(4),
};
const add: AddLayer = { kind: "add", name: "b.1/add", inputs: ["y", "y"], output: "z" };
const gemm: GemmLayer = {
  kind: "gemm",
  name: "fc",
  input: "p",
  output: "out",
  weights: new Int8Array(12),
  weightScales: new Float32Array(3).fill(1),
  bias: new Int32Array(3),
};

function sound(): Network {
  const builder = new NetworkBuilder("net", {
    name: "x",
    shape: { channels: 4, height: 5, width: 5 },
    quantization: q,
  });
  builder.add(conv, q);
  builder.add(add, q);
  builder.add({ kind: "globalAveragePool", name: "pool", input: "z", output: "p" }, q);
  builder.add(gemm, q);
  return builder.build();
}

function withLayer(name: string, change: object): Network {
  const network = sound();
  return { ...network, layers: network.layers.map((layer) => (layer.name === name ? { ...layer, ...change } : layer)) };
}

function withTensor(name: string, change: Partial<TensorInfo>): Network {
  const network = sound();
  const tensors = new Map(
    [...network.tensors].map(([key, info]) => [key, key === name ? { ...info, ...change } : info]),
  );
  return { ...network, tensors };
}

const messages = (network: Network) => networkProblems(network).map(({ path, message }) => `${path}: ${message}`);

describe("networkProblems", () => {
  it("finds none in a sound network, whose shapes and blocks follow from its layers", () => {
    const network = sound();
    expect(networkProblems(network)).toEqual([]);
    expect(network.tensors.get("y")?.shape).toEqual({ channels: 4, height: 2, width: 5 });
    expect(network.tensors.get("out")?.shape).toEqual({ channels: 3, height: 1, width: 1 });
    expect([...network.blocks]).toEqual([["b.1", ["b.1/conv", "b.1/add"]]]);
  });

  it.each<[string, Network, string]>([
    ["groups that do not divide", withLayer("b.1/conv", { groups: 3 }), "3 groups do not divide 4 input and 4 output"],
    ["no groups", withLayer("b.1/conv", { groups: 0 }), "groups is 0"],
    ["a fractional stride", withLayer("b.1/conv", { stride: { y: 1.5, x: 1 } }), "stride.y is 1.5"],
    ["negative padding", withLayer("b.1/conv", { padding: { ...conv.padding, left: -1 } }), "padding.left is -1"],
    [
      "a large kernel",
      withLayer("b.1/conv", { kernel: { height: 9, width: 1 }, weights: new Int8Array(72) }),
      "larger",
    ],
    ["missing weights", withLayer("b.1/conv", { weights: new Int8Array(71) }), "71 weights where 4 x 18 are needed"],
    ["missing scales", withLayer("fc", { weightScales: new Float32Array(2) }), "2 weight scales for 3"],
    ["a scale of 0", withLayer("fc", { weightScales: new Float32Array(3) }), "not positive"],
    ["an undefined input", withLayer("fc", { input: "q" }), "input 'q' is not made by an earlier layer"],
    ["an undeclared output", withLayer("fc", { output: "q" }), "output 'q' is not a tensor"],
    ["a tensor made twice", withLayer("b.1/add", { output: "y" }), "tensor 'y' is made twice"],
    ["two layers of one name", withLayer("fc", { name: "pool" }), "two layers"],
    ["a wrong shape", withTensor("z", { shape: { channels: 4, height: 2, width: 4 } }), "operand 'y' is 4x2x5"],
    ["a wrong pooled shape", withTensor("p", { shape: { channels: 4, height: 1, width: 2 } }), "declared 4x1x2"],
    ["an extent of 0", withTensor("out", { shape: { channels: 0, height: 1, width: 1 } }), "not all positive"],
    ["a scale that is no float32", withTensor("x", { quantization: { ...q, scale: 0.1 } }), "scale 0.1"],
    ["a zero point out of range", withTensor("x", { quantization: { ...q, zeroPoint: 256 } }), "zero point 256"],
    ["mixed types", withTensor("z", { quantization: { ...q, dtype: "int8" } }), "input 'y' is uint8, output 'z' int8"],
    ["an absurd ratio", withTensor("z", { quantization: { ...q, scale: 2 ** -30 } }), "scale ratio"],
    ["an absurd pooling", withTensor("p", { quantization: { ...q, scale: 2 ** -30 } }), "scale factor"],
    ["an unknown output", { ...sound(), outputs: ["q"] }, "nothing makes the network's output 'q'"],
    ["no output", { ...sound(), outputs: [] }, "the network has no output"],
    ["an output twice", { ...sound(), outputs: ["out", "out"] }, "output 'out' is named twice"],
    ["an unknown input", { ...sound(), input: "q" }, "input 'q' is not a tensor"],
    ["a block of unknown layers", { ...sound(), blocks: new Map([["b", ["q"]]]) }, "names no layer 'q'"],
  ])("finds %s", (_, network, words) => {
    expect(messages(network).join("\n")).toContain(words);
  });

  it("finds all problems at once, and build throws them", () => {
    const network = withLayer("b.1/conv", { groups: 3, padding: { ...conv.padding, top: -2 } });
    expect(messages(network)).toHaveLength(2);
    const builder = new NetworkBuilder("net", {
      name: "x",
      shape: { channels: 4, height: 5, width: 5 },
      quantization: q,
    });
    builder.add({ ...conv, groups: 3, bias: new Int32Array(3) }, { ...q, scale: -1 });
    expect(() => builder.build()).toThrow(VargenError);
  });
});
