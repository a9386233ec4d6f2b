import { describe, expect, it } from "vitest";
import { dequantizeValue, rangeOf } from "../arithmetic/index.ts";
import { runFloat } from "../graph/index.ts";
import { newActivations } from "../ir/activations.ts";
import { type ActivationType, type Network, tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { networkNames, seededFloatNetwork, seededNetwork } from "../networks/index.ts";
import { Random } from "../random/random.ts";
import { runReference } from "../reference/index.ts";
import { whyInexact } from "../testing/exactness.ts";
import { loadModel } from "../testing/onnxruntime.ts";
import { readFloatNetwork, readNetwork, writeFloatNetwork, writeNetwork } from "./index.ts";

const inexact = await whyInexact();

/** Whether two networks are the same to the last bit of each weight and scale: so are their files then. */
function writtenAlike(a: Network, b: Network): boolean {
  return Buffer.compare(writeNetwork(a), writeNetwork(b)) === 0;
}

function bytesOf(values: ArrayBufferView | undefined): Buffer {
  return values === undefined ? Buffer.alloc(0) : Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

const types: readonly ActivationType[] = ["uint8", "int8"];

/** A network for each kind of block and task, at its smallest. */
const small = [
  ["vargnet-v1", { scale: 0.25, inputSize: 32, classes: 10 }],
  ["vargnet-v2", { scale: 0.25, inputSize: 32, classes: 10, group: 4 }],
  ["mobilenet-v2", { scale: 0.25, inputSize: 32, classes: 10 }],
  ["shufflenet-v1", { inputSize: 32, classes: 10 }],
  ["shufflenet-v2", { inputSize: 32, classes: 10 }],
  ["vargnet-v1-detection", { scale: 0.25, inputHeight: 64, inputWidth: 64 }],
  ["vargnet-v2-panoptic", { scale: 0.25, inputHeight: 64, inputWidth: 64 }],
  ["vargnet-v2-depth", { scale: 0.25, inputHeight: 64, inputWidth: 128 }],
] as const;

describe.skipIf(inexact)("writeNetwork in QDQ form", () => {
  it.each(small.map(([name, options], i) => [name, types[i % 2], options] as const))(
    "%s, %s: is read back as the QOperator form is, and ONNX Runtime gives the reference's results",
    async (name, activations, options) => {
      const network = seededNetwork(name, { ...options, activations });
      const qdq = writeNetwork(network, { form: "qdq", float: true });
      const again = readNetwork(qdq, "qdq.onnx");
      expect(writtenAlike(again, readNetwork(writeNetwork(network, { float: true }), "qoperator.onnx"))).toBe(true);
      const { shape, quantization } = tensorOf(network, network.input);
      const { lo, hi } = rangeOf(quantization.dtype);
      const random = new Random(3);
      const image = newActivations(quantization.dtype, elementCount(shape)).map(() => random.integer(lo, hi));
      const data = Float32Array.from(image, (value) => dequantizeValue(value, quantization));
      const dims = [1, shape.channels, shape.height, shape.width];
      const run = await loadModel(qdq);
      const theirs = await run([{ name: `${network.input}.float`, type: "float32", shape: dims, data }]);
      const ours = runReference(network, image);
      for (const output of network.outputs) {
        const { quantization: units } = tensorOf(network, output);
        const real = Float32Array.from(ours.get(output) ?? [], (value) => dequantizeValue(value, units));
        expect(Buffer.compare(bytesOf(theirs.get(`${output}.float`)), bytesOf(real)), output).toBe(0);
      }
    },
  );
});

describe("writeFloatNetwork", () => {
  it.each(small)("%s: is read back and runs in ONNX Runtime with the same results", async (name, options) => {
    expect(networkNames).toContain(name);
    const network = seededFloatNetwork(name, options);
    const bytes = writeFloatNetwork(network);
    const { channels, height, width } = network.graph.inputShape;
    const random = new Random(4);
    const data = new Float32Array(channels * height * width).map(() => random.normal());
    const run = await loadModel(bytes);
    const theirs = await run([
      { name: network.graph.input, type: "float32", shape: [1, channels, height, width], data },
    ]);
    const again = readFloatNetwork(bytes, "float.onnx");
    expect(again.graph.outputs).toEqual(network.graph.outputs);
    for (const values of [runFloat(network, data), runFloat(again, data)])
      for (const output of network.graph.outputs) {
        const expected = Array.from(theirs.get(output) ?? []);
        const ours = values.get(output) ?? new Float32Array();
        expect(ours).toHaveLength(expected.length);
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const apart = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
        expect(apart / largest).toBeLessThan(1e-4);
      }
  });
});

it.each(types)("%s: integers in and out are read back too", (activations) => {
  const network = seededNetwork("shufflenet-v2", { inputSize: 32, classes: 10, activations });
  const again = readNetwork(writeNetwork(network, { form: "qdq" }), "qdq.onnx");
  expect(writtenAlike(again, readNetwork(writeNetwork(network), "qoperator.onnx"))).toBe(true);
});
