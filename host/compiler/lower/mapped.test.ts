import { expect, it } from "vitest";
import { checkConfig, presets } from "../../../hdl-gen/index.ts";
import { NetworkBuilder } from "../../../models/ir/builder.ts";
import { runReference } from "../../../models/reference/index.ts";
import { interpretProgram } from "../../reference-interpreter/index.ts";
import { compile } from "../compile.ts";
import { unmappedLayers } from "./mapped.ts";

const quantization = { dtype: "int8", scale: Math.fround(0.3), zeroPoint: 3 } as const;
const input = { name: "x", shape: { channels: 8, height: 8, width: 8 }, quantization };

function window(size: number, stride: number, pad: number) {
  return {
    kernel: { height: size, width: size },
    stride: { y: stride, x: stride },
    padding: { top: pad, left: pad, bottom: pad, right: pad },
  };
}

it("refuses what the array cannot run by name and value, with a remedy, all at once", () => {
  const builder = new NetworkBuilder("net", input);
  const mean = { kind: "averagePool", input: "x", countIncludePad: false } as const;
  builder.add({ kind: "maxPool", name: "max", input: "x", output: "a", ...window(2, 3, 0) }, quantization);
  builder.add({ ...mean, name: "mean", output: "b", ...window(5, 1, 2) }, quantization);
  builder.add({ ...mean, name: "tie", output: "c", ...window(2, 2, 0) }, quantization);
  const far = { ...quantization, scale: Math.fround(0.003) };
  builder.add({ kind: "add", name: "sum", inputs: ["x", "x"], output: "d" }, far);
  const network = builder.build(["a", "b", "c", "d"]);
  const problems = unmappedLayers(network);
  expect(problems.map(({ code, path }) => [code, path])).toEqual([
    ["compile/stride", "max"],
    ["compile/average-divisors", "mean"],
    ["compile/average-tie", "tie"],
    ["compile/add-scale", "sum"],
  ]);
  expect(problems[1].message).toBe("windows of a row cover 3 different numbers of columns, as padding is not counted");
  expect(problems[2].message).toMatch(/^the mean -?\d+ \/ 4 is so near a tie/);
  expect(problems.every(({ hint }) => hint !== undefined)).toBe(true);
  expect(() => compile(network, presets.g8m8p7)).toThrow(problems[3].message);
});

it("runs upsampling where a word of results comes every cycle, too", () => {
  const builder = new NetworkBuilder("net", { ...input, shape: { ...input.shape, channels: 24 } });
  builder.add({ kind: "upsample", name: "up", input: "x", output: "y" }, quantization);
  const network = builder.build();
  expect(unmappedLayers(network)).toEqual([]);
  const config = checkConfig({ ...presets.g8m16p7, name: "fast", drainChannels: 8 });
  const values = new Int8Array(24 * 64).map((_, i) => (i * 37) % 251);
  const expected = runReference(network, values).get("y");
  for (const one of [config, presets.g8m16p7])
    expect(interpretProgram(compile(network, one), values).get("y")).toEqual(expected);
});
