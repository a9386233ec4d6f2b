import { expect, it } from "vitest";
import { presets } from "../../../hdl-gen/index.ts";
import { VargenError } from "../../../models/errors.ts";
import { NetworkBuilder } from "../../../models/ir/builder.ts";
import { compile } from "../compile.ts";
import { unmappedLayers } from "./mapped.ts";

it("refuses every layer that the array cannot run yet, by name, all at once", () => {
  const quantization = { dtype: "int8", scale: 0.5, zeroPoint: 3 } as const;
  const builder = new NetworkBuilder("net", { name: "x", shape: { channels: 8, height: 8, width: 8 }, quantization });
  const window = {
    kernel: { height: 2, width: 2 },
    stride: { y: 2, x: 2 },
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
  };
  builder.add({ kind: "maxPool", name: "max", input: "x", output: "a", ...window }, quantization);
  builder.add({ kind: "upsample", name: "up", input: "a", output: "b" }, quantization);
  builder.add({ kind: "add", name: "sum", inputs: ["x", "b"], output: "c" }, quantization);
  builder.add({ kind: "concat", name: "cat", inputs: ["c", "x"], output: "d" }, quantization);
  builder.add({ kind: "channels", name: "half", input: "d", output: "e", order: Int32Array.of(1, 3) }, quantization);
  const average = { kind: "averagePool", name: "mean", input: "e", output: "f", countIncludePad: false } as const;
  builder.add({ ...average, ...window }, quantization);
  const relu = { kind: "requantize", name: "relu", input: "f", output: "g", lo: 3, hi: 127 } as const;
  builder.add(relu, quantization);
  const network = builder.build();
  const names = ["max", "up", "mean"];
  expect(unmappedLayers(network).map(({ path }) => path)).toEqual(names);
  try {
    compile(network, presets.g8m8p7);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof VargenError)) throw error;
    expect(error.problems.map(({ path }) => path)).toEqual(names);
    expect(error.problems[0].message).toBe("not yet mapped to the array: max pooling");
  }
});
