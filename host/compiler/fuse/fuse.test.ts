import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HwConfig, presets } from "../../../hdl-gen/index.ts";
import { ExitCode, VargenError } from "../../../models/errors.ts";
import type { Activations, Network } from "../../../models/ir/network.ts";
import { seededNetwork } from "../../../models/networks/index.ts";
import { runReference } from "../../../models/reference/index.ts";
import { interpretProgram, preferring } from "../../reference-interpreter/index.ts";
import { randomConfig } from "../../testing/random-config.ts";
import { randomNetwork } from "../../testing/random-network.ts";
import { compile } from "../compile.ts";
import type { Program } from "../program.ts";

const orders = [
  preferring("load", "compute", "store"),
  preferring("store", "compute", "load"),
  preferring("compute", "load", "store"),
  preferring("store", "load", "compute"),
];

/** Compares every tensor that a program leaves in DRAM with the reference. @returns their names */
function compare(program: Program, input: Activations, order: number): readonly string[] {
  const expected = runReference(program.network, input);
  const got = interpretProgram(program, input, orders[order]);
  for (const [name, values] of got) {
    const reference = expected.get(name);
    const wrong = values.findIndex((value, index) => value !== reference?.[index]);
    if (wrong >= 0) throw new Error(`${name}[${wrong}] is ${values[wrong]}, not ${reference?.[wrong]}`);
  }
  return [...got.keys()];
}

function compileIfFitting(network: Network, config: HwConfig, dumpTensors: "all" | []): Program | undefined {
  try {
    return compile(network, config, { dumpTensors });
  } catch (error) {
    if (error instanceof VargenError && error.exitCode === ExitCode.doesNotFit) return undefined;
    throw error;
  }
}

/** Operations whose computations have others' between them. */
function interleaved({ commands, commandOperations, operations }: Program): number {
  const order = commandOperations.filter((_, index) => commands[index].kind === "compute");
  const runs = order.filter((operation, index) => operation !== order[index - 1]);
  return operations.filter((_, operation) => runs.filter((other) => other === operation).length > 1).length;
}

const seeds = fc.integer({ min: 0, max: 2 ** 30 });

describe("operations fused by rows", () => {
  it("give the reference's tensors for random networks with little room for features, in any legal order", () => {
    let [fused, rings] = [0, 0];
    fc.assert(
      fc.property(seeds, seeds, fc.integer({ min: 0, max: 7 }), (networkSeed, configSeed, choice) => {
        const kinds = ["add", "concat", "channels", "requantize", "averagePool", "maxPool"] as const;
        const { network, input } = randomNetwork(networkSeed, { layers: 8, size: 24, channels: 24, kinds });
        const depths = { featureDepth: [24, 48, 72, 100][choice % 4], weightDepth: 2048, parameterDepth: 512 };
        const program = compileIfFitting(network, { ...randomConfig(configSeed), ...depths }, choice < 4 ? "all" : []);
        if (program === undefined) return;
        if (interleaved(program) > 0) fused++;
        if (program.commands.some((command) => command.kind === "compute" && command.ringSize > 0)) rings++;
        compare(program, input, choice % 4);
      }),
      { seed: 5, numRuns: 100 },
    );
    expect(fused).toBeGreaterThan(20);
    expect(rings).toBeGreaterThan(15);
  });

  it("keep a VarGNet's tensors on chip that do not fit there as a whole, and are all the reference's", () => {
    const network = seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 64, classes: 10 });
    const config = { ...presets.g8m8p7, featureDepth: 400 };
    const input = new Uint8Array(3 * 64 * 64).map((_, index) => (index * 37) & 255);
    const program = compile(network, config);
    expect(interleaved(program)).toBeGreaterThan(7);
    expect(compare(program, input, 0)).toEqual(network.outputs);
    expect(program.statistics.dramWriteBytes).toBe(2 * 16);
    const weights = program.segments.filter(({ name }) => name === "weights");
    expect(program.statistics.weightBytes).toBe(weights.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const dumped = compile(network, config, { dumpTensors: "all" });
    expect(interleaved(dumped)).toBe(interleaved(program));
    expect(compare(dumped, input, 1).length).toBe(dumped.operations.length);
  });
});
