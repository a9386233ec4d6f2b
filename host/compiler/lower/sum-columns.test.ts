import { expect, it } from "vitest";
import { checkConfig, presets } from "../../../hdl-gen/index.ts";
import { runReference } from "../../../models/reference/index.ts";
import { interpretProgram } from "../../reference-interpreter/index.ts";
import { networkOver, testQuantization } from "../../testing/networks.ts";
import { compile } from "../compile.ts";

/** Of the tiny memory the pixels of a map must pass in parts. */
const configs = [presets.g8m8p7, presets.g4m8p7, checkConfig({ ...presets.g8m8p7, name: "tiny", featureDepth: 64 })];

it.each(configs)("sums up the columns of maps up to P wide in the drain: $name", (config) => {
  for (const size of [1, 3, 6, 7, 8]) {
    const builder = networkOver(256, size);
    const pool = { kind: "globalAveragePool", name: "pool", input: "x", output: "pool" } as const;
    builder.add(pool, { ...testQuantization, scale: 0.25, zeroPoint: 50 });
    const network = builder.build();
    const program = compile(network, config);
    const taps = program.commands.map((c) => (c.kind === "compute" ? c.kernelWidth : 1));
    expect(Math.max(...taps)).toBe(size > 7 ? size : 1);
    const input = new Uint8Array(256 * size * size).map((_, index) => (index * 89) & 255);
    expect(interpretProgram(program, input).get("pool")).toEqual(runReference(network, input).get("pool"));
  }
});
