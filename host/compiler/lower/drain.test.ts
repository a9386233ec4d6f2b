import { describe, expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import type { Network, Quantization } from "../../../models/ir/network.ts";
import { runReference } from "../../../models/reference/index.ts";
import { interpretProgram } from "../../reference-interpreter/index.ts";
import { convLayer, networkOver, testQuantization } from "../../testing/networks.ts";
import { laidOutOperations } from "../../testing/operations.ts";
import { compile } from "../compile.ts";
import { Geometry } from "../geometry.ts";

const other: Quantization = { ...testQuantization, scale: 0.375, zeroPoint: 31 };

interface Change {
  readonly lo: number;
  readonly hi: number;
  readonly output: Quantization;
}

/** A convolution, or the sum of it and its input, then a requantisation. */
function network({ lo, hi, output }: Change, form: "conv" | "sum" | "read twice"): Network {
  const builder = networkOver(8, 9);
  builder.add(convLayer("conv", "x", { inputs: 8, outputs: 8, kernel: 3, pad: 1 }), testQuantization);
  if (form === "sum") builder.add({ kind: "add", name: "sum", inputs: ["conv", "x"], output: "sum" }, testQuantization);
  const input = form === "sum" ? "sum" : "conv";
  builder.add({ kind: "requantize", name: "change", input, output: "y", lo, hi }, output);
  return builder.build(form === "read twice" ? ["conv", "y"] : ["y"]);
}

function layersOf(sample: Network): readonly (readonly string[])[] {
  const input = new Uint8Array(8 * 81).map((_, index) => (index * 89) & 255);
  const expected = runReference(sample, input);
  for (const [name, values] of interpretProgram(compile(sample, presets.g8m8p7), input))
    expect(values).toEqual(expected.get(name));
  return laidOutOperations(new Geometry(presets.g8m8p7), sample).map(({ layers }) => layers);
}

describe("a change of scale or a clamp", () => {
  const relu: Change = { lo: 100, hi: 255, output: testQuantization };
  const scale: Change = { lo: 0, hi: 255, output: other };

  it("goes into the drain that makes its input: a clamp as bounds, else as tables", () => {
    const operation = (change: Change) => laidOutOperations(new Geometry(presets.g8m8p7), network(change, "conv"))[0];
    expect(operation(relu)).toMatchObject({ bounds: { lo: -28, hi: 127 }, tables: undefined });
    expect(operation(scale).tables?.tb.every((entry) => entry === 0)).toBe(true);
    for (const change of [relu, scale]) expect(layersOf(network(change, "conv"))).toEqual([["conv", "change"]]);
  });

  it("after an addition stays in the drain if it is a clamp", () => {
    expect(layersOf(network(relu, "sum"))).toEqual([["conv", "sum", "change"]]);
    expect(layersOf(network(scale, "sum"))).toEqual([["conv", "sum"], ["change"]]);
  });

  it("is a copy where its input is read elsewhere too", () => {
    for (const change of [relu, scale]) expect(layersOf(network(change, "read twice"))).toEqual([["conv"], ["change"]]);
  });

  it("does nothing where no value changes", () => {
    expect(layersOf(network({ lo: 0, hi: 255, output: testQuantization }, "read twice"))).toEqual([["conv"]]);
  });

  it("after upsampling runs before it, with a quarter of the pixels", () => {
    const builder = networkOver(8, 9);
    builder.add(convLayer("conv", "x", { inputs: 8, outputs: 8 }), testQuantization);
    builder.add({ kind: "upsample", name: "up", input: "conv", output: "up" }, testQuantization);
    builder.add({ kind: "requantize", name: "change", input: "up", output: "y", lo: 0, hi: 255 }, other);
    expect(layersOf(builder.build())).toEqual([
      ["conv", "change"],
      ["up", "change"],
    ]);
  });

  it("of an input of a concatenation goes into the drain that makes it", () => {
    const builder = networkOver(8, 9);
    builder.add(convLayer("a", "x", { inputs: 8, outputs: 8 }), testQuantization);
    builder.add(convLayer("b", "x", { inputs: 8, outputs: 8 }), other);
    builder.add({ kind: "concat", name: "cat", inputs: ["a", "b"], output: "y" }, testQuantization);
    expect(layersOf(builder.build())).toEqual([["a"], ["b", "cat"]]);
  });
});
