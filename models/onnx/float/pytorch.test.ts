import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runFloat } from "../../graph/index.ts";
import { hardwareLimitProblems, quantizeNetwork, quantizeTensor } from "../../quantization/index.ts";
import { Random } from "../../random/random.ts";
import { compareWithOnnxRuntime } from "../../testing/compare.ts";
import { whyInexact } from "../../testing/exactness.ts";
import { loadModel } from "../../testing/onnxruntime.ts";
import { readFloatNetwork } from "../index.ts";

const inexact = await whyInexact();
const file = (name: string): Uint8Array => readFileSync(new URL(`../../testing/pytorch/${name}.onnx`, import.meta.url));

/**
 * Names of the files, and how many nodes are left of each: what stands alone are a DenseNet's batch normalisations with
 * their ReLUs, and the U-Net's normalisation of its input, whose offset padding keeps out of the first convolution.
 */
const exported: readonly (readonly [string, number])[] = [
  ["mobile", 7],
  ["shuffle", 11],
  ["dense", 11],
  ["residual", 8],
  ["unet", 9],
];

it.each(exported)(
  "%s, as PyTorch exports it: read, folded, equal to ONNX Runtime in float and in int8",
  async (name, nodes) => {
    const network = readFloatNetwork(file(name), `${name}.onnx`);
    expect(network.graph).toMatchObject({ name, input: "image" });
    expect(network.graph.nodes).toHaveLength(nodes);
    const random = new Random(6);
    const images = Array.from({ length: 4 }, () => new Float32Array(768).map(() => random.normal()));
    const run = await loadModel(file(name));
    const outputs = [
      ...(await run([{ name: "image", type: "float32", shape: [1, 3, 16, 16], data: images[0] }])).values(),
    ];
    const values = runFloat(network, images[0]);
    expect(network.graph.outputs).toHaveLength(outputs.length);
    network.graph.outputs.forEach((output, i) => {
      const ours = values.get(output) ?? new Float32Array();
      expect(ours).toHaveLength(outputs[i].length);
      ours.forEach((value, k) => {
        expect(Math.abs(value - outputs[i][k])).toBeLessThan(1e-4);
      });
    });
    if (inexact !== undefined) return;
    const integers = quantizeNetwork(network, images, { calibration: { method: "mse" } });
    expect(hardwareLimitProblems(integers)).toEqual([]);
    const input = integers.tensors.get("image")?.quantization ?? { dtype: "uint8", scale: 1, zeroPoint: 0 };
    const compared = await compareWithOnnxRuntime(integers, [quantizeTensor(images[1], input)]);
    expect(compared.first).toBeUndefined();
  },
);
