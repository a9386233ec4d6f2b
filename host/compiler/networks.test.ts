import { describe, expect, it } from "vitest";
import { type PresetName, presets } from "../../hdl-gen/index.ts";
import { tensorOf } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import type { NetworkOptions } from "../../models/networks/index.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { Random } from "../../models/random/random.ts";
import { runReference } from "../../models/reference/index.ts";
import { interpretProgram } from "../reference-interpreter/index.ts";
import { compile } from "./compile.ts";

/** One network for each kind of block and task, small. */
const cases: readonly (readonly [string, NetworkOptions, PresetName])[] = [
  ["shufflenet-v1", { scale: 0.25, inputSize: 32, classes: 10 }, "g8m8p7"],
  ["shufflenet-v2", { scale: 0.25, inputSize: 32, classes: 10 }, "g4m8p7"],
  ["vargnet-v2-detection", { scale: 0.25, inputSize: 32 }, "g16m16p3"],
  ["vargnet-v1-depth", { scale: 0.25, inputSize: 64 }, "g8m8p7"],
];

describe("networks of the paper in the interpreter", () => {
  it.each(cases)("%s %o on %s: every tensor equals the reference's", (name, options, preset) => {
    const network = seededNetwork(name, options);
    const random = new Random(3);
    const { shape } = tensorOf(network, network.input);
    const input = new Uint8Array(elementCount(shape)).map(() => random.integer(0, 255));
    const program = compile(network, presets[preset], { dumpTensors: "all" });
    const expected = runReference(network, input);
    const got = interpretProgram(program, input);
    for (const output of network.outputs) expect(got.has(output)).toBe(true);
    for (const [tensor, values] of got) expect(values, tensor).toEqual(expected.get(tensor));
    expect(got.size).toBeGreaterThan(network.layers.length / 2);
  });
});
