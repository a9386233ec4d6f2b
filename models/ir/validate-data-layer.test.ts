import { describe, expect, it } from "vitest";
import type { Layer, Network, Quantization } from "./network.ts";
import { layerOutputShape } from "./shape.ts";
import { networkProblems } from "./validate.ts";

const quantization: Quantization = { dtype: "uint8", scale: 0.5, zeroPoint: 3 };
const shape = { channels: 4, height: 6, width: 6 };
const base = { name: "layer", input: "x", output: "y" } as const;
const window = {
  kernel: { height: 3, width: 3 },
  stride: { y: 2, x: 2 },
  padding: { top: 1, left: 1, bottom: 1, right: 1 },
};

function problemsOf(layer: Layer, output = quantization): string {
  const inputs = "inputs" in layer ? layer.inputs.map(() => shape) : [shape];
  const network: Network = {
    name: "net",
    input: "x",
    outputs: ["y"],
    tensors: new Map([
      ["x", { name: "x", shape, quantization }],
      [
        "y",
        { name: "y", shape: layerOutputShape(layer, [inputs[0] ?? shape, ...inputs.slice(1)]), quantization: output },
      ],
    ]),
    layers: [layer],
    blocks: new Map(),
  };
  return networkProblems(network)
    .map(({ message }) => message)
    .join("\n");
}

describe("layers that move values", () => {
  it("are sound", () => {
    expect(problemsOf({ kind: "maxPool", ...base, ...window })).toBe("");
    expect(problemsOf({ kind: "averagePool", ...base, ...window, countIncludePad: true })).toBe("");
    expect(problemsOf({ kind: "upsample", ...base })).toBe("");
    expect(problemsOf({ kind: "concat", name: "layer", inputs: ["x", "x"], output: "y" })).toBe("");
    expect(problemsOf({ kind: "channels", ...base, order: Int32Array.of(3, 0) })).toBe("");
    const int8: Quantization = { ...quantization, dtype: "int8" };
    expect(problemsOf({ kind: "requantize", ...base, lo: -3, hi: 9 }, int8)).toBe("");
  });

  it.each<[string, Layer, Quantization, string]>([
    ["stride 0", { kind: "maxPool", ...base, ...window, stride: { y: 0, x: 1 } }, quantization, "stride.y"],
    [
      "windows outside the map",
      { kind: "maxPool", ...base, ...window, padding: { ...window.padding, left: 3 } },
      quantization,
      "outside the map",
    ],
    [
      "a change of scale",
      { kind: "maxPool", ...base, ...window },
      { ...quantization, scale: 0.25 },
      "not quantised alike",
    ],
    ["an unknown channel", { kind: "channels", ...base, order: Int32Array.of(4) }, quantization, "channel 4 of 4"],
    ["no channel", { kind: "channels", ...base, order: new Int32Array() }, quantization, "no channel"],
    ["bounds outside", { kind: "requantize", ...base, lo: -1, hi: 9 }, quantization, "[-1, 9]"],
    ["bounds exchanged", { kind: "requantize", ...base, lo: 9, hi: 8 }, quantization, "[9, 8]"],
    ["no input", { kind: "concat", name: "layer", inputs: [], output: "y" }, quantization, "no input"],
  ])("are refused for %s", (_, layer, output, words) => {
    expect(problemsOf(layer, output)).toContain(words);
  });
});
