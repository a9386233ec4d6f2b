import { describe, expect, it } from "vitest";
import { mainOutput } from "../ir/network.ts";
import { readFloatNetwork } from "../onnx/index.ts";
import { encodeModel, initializer, operatorNode, valueInfo } from "../onnx/proto.ts";
import { Random } from "../random/random.ts";
import { loadModel } from "../testing/onnxruntime.ts";
import { runFloat } from "./run-float.ts";

/** A small network with every operator that PyTorch exports for a VarGNet. */
function floatModel(random: Random): Uint8Array {
  const uniform = (length: number, lo: number, hi: number) =>
    new Float32Array(length).map(() => lo + (hi - lo) * random.real());
  const statistics = (name: string, channels: number) => [
    initializer(`${name}.scale`, [channels], uniform(channels, 0.5, 1.5)),
    initializer(`${name}.shift`, [channels], uniform(channels, -1, 1)),
    initializer(`${name}.mean`, [channels], uniform(channels, -1, 1)),
    initializer(`${name}.variance`, [channels], uniform(channels, 0.1, 2)),
  ];
  const normalized = (name: string) => [name, ...["scale", "shift", "mean", "variance"].map((key) => `${name}.${key}`)];
  return encodeModel({
    name: "float",
    node: [
      operatorNode("Conv", "a", ["x", "a.w"], ["a"], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] }),
      operatorNode("BatchNormalization", "a.bn", normalized("a"), ["a.bn"], { epsilon: { float: 1e-3 } }),
      operatorNode("Relu", "a.relu", ["a.bn"], ["a.relu"]),
      operatorNode("Conv", "b", ["a.relu", "b.w", "b.b"], ["b"], {
        kernel_shape: [3, 3],
        pads: [1, 1, 1, 1],
        group: 2,
      }),
      operatorNode("Add", "sum", ["b", "a.relu"], ["sum"]),
      operatorNode("Relu", "sum.relu", ["sum"], ["sum.relu"]),
      operatorNode("GlobalAveragePool", "pool", ["sum.relu"], ["pool"]),
      operatorNode("Flatten", "flat", ["pool"], ["flat"]),
      operatorNode("Gemm", "fc", ["flat", "fc.w", "fc.b"], ["logits"], { transB: 1 }),
    ],
    initializer: [
      initializer("a.w", [6, 3, 3, 3], uniform(162, -0.5, 0.5)),
      ...statistics("a", 6),
      initializer("b.w", [6, 3, 3, 3], uniform(162, -0.5, 0.5)),
      initializer("b.b", [6], uniform(6, -1, 1)),
      initializer("fc.w", [5, 6], uniform(30, -1, 1)),
      initializer("fc.b", [5], uniform(5, -1, 1)),
    ],
    input: [valueInfo("x", "float", [1, 3, 9, 7])],
    output: [valueInfo("logits", "float", [1, 5])],
  });
}

describe("runFloat", () => {
  it("agrees with ONNX Runtime on a network as PyTorch exports it", async () => {
    const random = new Random(31);
    for (let run = 0; run < 20; run++) {
      const bytes = floatModel(random);
      const network = readFloatNetwork(bytes, "float.onnx");
      expect(network.graph.nodes.map(({ kind }) => kind)).toEqual(["conv", "conv", "add", "globalAveragePool", "gemm"]);
      const data = new Float32Array(189).map(() => random.real() * 2 - 1);
      const model = await loadModel(bytes);
      const theirs = (await model([{ name: "x", type: "float32", shape: [1, 3, 9, 7], data }])).get("logits");
      const ours = runFloat(network, data).get(mainOutput(network.graph));
      expect(ours).toHaveLength(5);
      theirs?.forEach((value, i) => {
        expect(ours?.[i]).toBeCloseTo(value, 4);
      });
    }
  });
});
