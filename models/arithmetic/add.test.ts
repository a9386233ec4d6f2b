import { describe, expect, it } from "vitest";
import type { Activations, ActivationType, Quantization } from "../ir/network.ts";
import { encodeModel, initializer, operatorNode, valueInfo } from "../onnx/proto.ts";
import { Random } from "../random/random.ts";
import { whyInexact } from "../testing/exactness.ts";
import { loadModel } from "../testing/onnxruntime.ts";
import { addTable, addTerms, addValue, leadingOperand } from "./add.ts";
import { rangeOf } from "./range.ts";

const inexact = await whyInexact();

const types: readonly ActivationType[] = ["uint8", "int8"];

function integers(dtype: ActivationType, length: number, value: (i: number) => number): Activations {
  const array = dtype === "int8" ? new Int8Array(length) : new Uint8Array(length);
  return array.map((_, i) => value(i));
}

function addModel(a: Quantization, b: Quantization, y: Quantization, shape: readonly number[]): Uint8Array {
  const parameters = Object.entries({ a, b, y }).flatMap(([name, q]) => [
    initializer(`${name}_scale`, [], new Float32Array([q.scale])),
    initializer(
      `${name}_zero`,
      [],
      integers(q.dtype, 1, () => q.zeroPoint),
    ),
  ]);
  const inputs = ["a", "b"].flatMap((name) => [name, `${name}_scale`, `${name}_zero`]);
  return encodeModel({
    name: "add",
    node: [operatorNode("QLinearAdd", "add", [...inputs, "y_scale", "y_zero"], ["y"], {}, "com.microsoft")],
    initializer: parameters,
    input: ["a", "b"].map((name) => valueInfo(name, a.dtype, shape)),
    output: [valueInfo("y", y.dtype, shape)],
  });
}

/** Random operand and result scales, half of them in small ratios, which give many ties. */
function randomAdd(random: Random, dtype: ActivationType): readonly [Quantization, Quantization, Quantization] {
  const { lo, hi } = rangeOf(dtype);
  const tie = random.real() < 0.5;
  const unit = random.scale(2 ** -10, 4);
  const quantization = (): Quantization => ({
    dtype,
    scale: tie ? Math.fround(unit * random.integer(1, 6)) : random.scale(2 ** -10, 4),
    zeroPoint: random.real() < 0.2 ? lo : random.integer(lo, hi),
  });
  return [quantization(), quantization(), quantization()];
}

describe.skipIf(inexact)("QLinearAdd", () => {
  it.each(types)("%s: all pairs of operands equal ONNX Runtime", async (dtype) => {
    const random = new Random(20);
    const { lo } = rangeOf(dtype);
    const shape = [1, 256, 16, 16];
    const a = integers(dtype, 65536, (i) => lo + (i >> 8));
    const b = integers(dtype, 65536, (i) => lo + (i & 255));
    let mismatches = 0;
    let compared = 0;
    for (let run = 0; run < 60; run++) {
      const [qa, qb, qy] = randomAdd(random, dtype);
      const model = await loadModel(addModel(qa, qb, qy, shape));
      const outputs = await model([
        { name: "a", type: dtype, shape, data: a },
        { name: "b", type: dtype, shape, data: b },
      ]);
      const table = addTable(qa, qb, qy);
      outputs.get("y")?.forEach((y, i) => {
        compared++;
        if ((y & 255) !== table[i]) mismatches++;
      });
    }
    expect({ compared, mismatches }).toEqual({ compared: 60 * 65536, mismatches: 0 });
  });

  it.each(types)("%s: a single element equals ONNX Runtime where the order of operands matters", async (dtype) => {
    const random = new Random(21);
    const { lo, hi } = rangeOf(dtype);
    const shape = [1, 1, 1, 1];
    let mismatches = 0;
    let compared = 0;
    while (compared < 200) {
      const quantizations = randomAdd(random, dtype);
      const [qa, qb, qy] = quantizations;
      const straight = addTable(qa, qb, qy);
      const exchanged = addTerms(qb, qa, qy);
      let model: Awaited<ReturnType<typeof loadModel>> | undefined;
      for (let i = 0; i < 65536; i++) {
        const [a, b] = [i >> 8, i & 255];
        const expected = addValue(exchanged.products[b], exchanged.addends[a], exchanged.offset, lo, hi);
        if ((expected & 255) === straight[i]) continue;
        model ??= await loadModel(addModel(qa, qb, qy, shape));
        const outputs = await model([
          { name: "a", type: dtype, shape, data: integers(dtype, 1, () => lo + a) },
          { name: "b", type: dtype, shape, data: integers(dtype, 1, () => lo + b) },
        ]);
        compared++;
        if (outputs.get("y")?.[0] !== expected) mismatches++;
      }
    }
    expect(mismatches).toBe(0);
    expect([leadingOperand(1), leadingOperand(2)]).toEqual([1, 0]);
  });
});
