import { describe, expect, it } from "vitest";
import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { readNetwork, writeNetwork } from "../onnx/index.ts";
import { hardwareLimitProblems } from "../quantization/index.ts";
import { Random } from "../random/random.ts";
import { runReference } from "../reference/index.ts";
import { compareWithOnnxRuntime } from "../testing/compare.ts";
import { whyInexact } from "../testing/exactness.ts";
import { networkNames } from "./catalog.ts";
import type { NetworkOptions } from "./options.ts";
import { seededNetwork } from "./seeded.ts";

const inexact = await whyInexact();

/** One network for each kind of block and task, small. */
const cases: readonly (readonly [string, NetworkOptions])[] = [
  ["mobilenet-v1", { scale: 0.25, inputSize: 32, classes: 10 }],
  ["mobilenet-v2", { scale: 0.25, inputSize: 32, classes: 10 }],
  ["shufflenet-v1", { inputSize: 32, classes: 10 }],
  ["shufflenet-v2", { inputSize: 32, classes: 10 }],
  ["resnet-18", { inputSize: 32, classes: 10 }],
  ["vargnet-v1-face", { scale: 0.5 }],
  ["vargnet-v1-detection", { scale: 0.25, inputHeight: 64, inputWidth: 64 }],
  ["vargnet-v2-depth", { scale: 0.25, inputHeight: 64, inputWidth: 128 }],
];

describe.skipIf(inexact)("networks of the paper in int8", () => {
  it.each(cases)("%s %o: every tensor equals ONNX Runtime's, and is read back", async (name, options) => {
    expect(networkNames).toContain(name);
    const network = seededNetwork(name, options);
    expect(hardwareLimitProblems(network)).toEqual([]);
    const { shape, quantization } = tensorOf(network, network.input);
    const { lo, hi } = rangeOf(quantization.dtype);
    const random = new Random(8);
    const image = newActivations(quantization.dtype, elementCount(shape)).map(() => random.integer(lo, hi));
    const { compared, first } = await compareWithOnnxRuntime(network, [image]);
    expect(first).toBeUndefined();
    expect(compared).toBeGreaterThan(5000);
    const again = readNetwork(writeNetwork(network), "again.onnx");
    // Splits of shuffles come back as one choice of channels, so there may be fewer layers, with the same results.
    expect(again.layers.length).toBeLessThanOrEqual(network.layers.length);
    expect(again.outputs).toEqual(network.outputs);
    const [ours, theirs] = [runReference(network, image), runReference(again, image)];
    for (const output of network.outputs) expect(theirs.get(output), output).toEqual(ours.get(output));
  });
});
