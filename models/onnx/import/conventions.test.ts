import { describe, expect, it } from "vitest";
import { dequantizeValue } from "../../arithmetic/index.ts";
import { tensorOf } from "../../ir/network.ts";
import { Random } from "../../random/random.ts";
import { runReference } from "../../reference/index.ts";
import { exchanged } from "../../testing/channels-last.ts";
import { conventions } from "../../testing/convention-cases.ts";
import type { Written } from "../../testing/conventions.ts";
import { whyInexact } from "../../testing/exactness.ts";
import { loadModel } from "../../testing/onnxruntime.ts";
import { importNetwork } from "../index.ts";

const inexact = await whyInexact();

/** Values that differ between the import and ONNX Runtime, over all outputs that the network makes itself. */
async function differing({ bytes, dims, dtype }: Written, optimize: boolean): Promise<string> {
  const random = new Random(5);
  const { network, input, outputs } = importNetwork(bytes, "net.onnx");
  const { shape, quantization } = tensorOf(network, network.input);
  const pixels = shape.height * shape.width;
  const length = shape.channels * pixels;
  const integers = (quantization.dtype === "int8" ? new Int8Array(length) : new Uint8Array(length)).map(() =>
    random.integer(quantization.dtype === "int8" ? -128 : 0, quantization.dtype === "int8" ? 127 : 255),
  );
  const reals = Float32Array.from(integers, (q) => dequantizeValue(q, quantization));
  const given = dtype === "float32" ? reals : integers;
  const data = input.channelsLast ? exchanged(given, shape.channels) : given;
  const run = await loadModel(bytes, { optimize });
  const theirs = await run([{ name: "x", type: dtype, shape: dims, data }]);
  const ours = runReference(network, integers);
  const wrong: string[] = [];
  for (const { name, tensor, real, channelsLast, host } of outputs) {
    if (host !== undefined) continue;
    const { shape: made, quantization: scale } = tensorOf(network, tensor);
    const values = ours.get(tensor) ?? new Int8Array();
    const plain = real ? Float32Array.from(values, (q) => dequantizeValue(q, scale)) : values;
    const mine = channelsLast ? exchanged(plain, made.channels) : plain;
    const other = theirs.get(name) ?? new Float32Array();
    const count = Array.from(mine).filter((value, i) => value !== other[i]).length;
    if (count > 0 || other.length !== mine.length) wrong.push(`${name}: ${count} of ${mine.length}`);
  }
  return wrong.join("; ");
}

describe("files as tools write them", () => {
  it.skipIf(inexact).each(conventions)("%s", async (_, write) => {
    const written = write();
    expect(await differing(written, true)).toBe("");
    if (written.exactUnfused) expect(await differing(written, false)).toBe("");
    const { coverage, outputs } = importNetwork(written.bytes, "net.onnx");
    expect(coverage.filter(({ place }) => place === "array").length).toBeGreaterThan(0);
    expect(outputs.flatMap(({ host }) => host ?? [])).toEqual(written.host ?? []);
  });
});
