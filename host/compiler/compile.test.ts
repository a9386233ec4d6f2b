import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HwConfig, presetNames, presets } from "../../hdl-gen/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { type Activations, type Network, tensorOf } from "../../models/ir/network.ts";
import { elementCount } from "../../models/ir/shape.ts";
import { seededNetwork } from "../../models/networks/seeded.ts";
import { Random } from "../../models/random/random.ts";
import { runReference } from "../../models/reference/index.ts";
import { memoryModels, timeline } from "../cycle-model/index.ts";
import { interpretProgram, preferring } from "../reference-interpreter/index.ts";
import { branchNetwork, convNetwork, largePoolNetwork } from "../testing/networks.ts";
import { randomConfig } from "../testing/random-config.ts";
import { randomNetwork } from "../testing/random-network.ts";
import { compile } from "./compile.ts";
import type { Program } from "./program.ts";
import { packInput, readableTensors, storedTensor, unpackTensor } from "./tensors.ts";

const orders = [
  preferring("load", "compute", "store"),
  preferring("store", "compute", "load"),
  preferring("compute", "load", "store"),
  preferring("store", "load", "compute"),
];

/** Compares every tensor that a program leaves in DRAM with the reference. @returns values compared */
function compare(program: Program, input: Activations, order = 0): number {
  const expected = runReference(program.network, input);
  let compared = 0;
  for (const [name, values] of interpretProgram(program, input, orders[order])) {
    const reference = expected.get(name);
    const wrong = values.findIndex((value, index) => value !== reference?.[index]);
    if (wrong >= 0) throw new Error(`${name}[${wrong}] is ${values[wrong]}, not ${reference?.[wrong]}`);
    compared += values.length;
  }
  return compared;
}

function compileIfFitting(network: Network, config: HwConfig, dumpTensors: "all" | []): Program | undefined {
  try {
    return compile(network, config, { dumpTensors });
  } catch (error) {
    if (error instanceof VargenError && (error.exitCode === ExitCode.doesNotFit || isRefused(error))) return undefined;
    throw error;
  }
}

/** What few configurations or windows cannot do. */
const isRefused = ({ problems }: VargenError): boolean =>
  problems.every(({ code }) => code === "compile/upsample" || code === "compile/average-divisors");

/** Whether some of the input's lines are loaded in windows. */
function hasColumnStrips({ network, commands }: Program): boolean {
  const { width } = tensorOf(network, network.input).shape;
  return commands.some((command) => command.kind === "loadFeatures" && command.columns < width);
}

const seeds = fc.integer({ min: 0, max: 2 ** 30 });

describe("compiled programs in the interpreter", () => {
  it("give the reference's tensors where maps are too wide for the feature memory", () => {
    let [fitted, narrow] = [0, 0];
    fc.assert(
      fc.property(seeds, seeds, fc.integer({ min: 0, max: 3 }), (networkSeed, configSeed, order) => {
        const { network, input } = randomNetwork(networkSeed, { layers: 5, size: 30, channels: 24 });
        const config = { ...randomConfig(configSeed), featureDepth: [6, 10, 16, 32][order] };
        const program = compileIfFitting(network, config, order % 2 === 0 ? "all" : []);
        if (program === undefined) return;
        fitted++;
        if (hasColumnStrips(program)) narrow++;
        compare(program, input, order);
      }),
      { seed: 8, numRuns: 40 },
    );
    expect(fitted).toBeGreaterThan(20);
    expect(narrow).toBeGreaterThan(6);
  });

  it("give the reference's tensors for random networks on random configurations, in any legal order", () => {
    let fitted = 0;
    fc.assert(
      fc.property(seeds, seeds, fc.integer({ min: 0, max: 3 }), (networkSeed, configSeed, order) => {
        const { network, input } = randomNetwork(networkSeed, { layers: 7, size: 14, channels: 40 });
        const program = compileIfFitting(network, randomConfig(configSeed), order % 2 === 0 ? "all" : []);
        if (program === undefined) return;
        fitted++;
        compare(program, input, order);
      }),
      { seed: 21, numRuns: 200 },
    );
    expect(fitted).toBeGreaterThan(120);
  });

  it.each(presetNames)("%s: a small VarGNet, all tensors", (name) => {
    const config = presets[name];
    const network = seededNetwork("vargnet-v2", { scale: 0.5, group: config.groupWidth, inputSize: 33, classes: 20 });
    const random = new Random(3);
    const input = new Uint8Array(elementCount({ channels: 3, height: 33, width: 33 }));
    const program = compile(network, config, { dumpTensors: "all" });
    expect(
      compare(
        program,
        input.map(() => random.integer(0, 255)),
        1,
      ),
    ).toBeGreaterThan(10_000);
  });

  it("go wrong without their waits: the interpreter would notice one that is missing", () => {
    const network = seededNetwork("vargnet-v2", { scale: 0.25, inputSize: 32, classes: 10 });
    const program = compile(network, presets.g8m8p1);
    const input = new Uint8Array(3 * 32 * 32).map((_, index) => (index * 37) & 255);
    const commands = program.commands.map((command) => ({ ...command, waitLoad: 0, waitCompute: 0, waitStore: 0 }));
    for (let order = 0; order < orders.length; order++) {
      expect(() => compare(program, input, order)).not.toThrow();
      expect(() => compare({ ...program, commands }, input, order)).toThrow();
    }
  });
});

describe("compile", () => {
  it("says what does not fit, how much is missing, and which presets would do", () => {
    const fails = (network: Network): VargenError => {
      try {
        compile(network, presets.g8m1p1);
      } catch (error) {
        if (error instanceof VargenError) return error;
      }
      throw new Error("it fits");
    };
    const large = fails(largePoolNetwork());
    expect(large.exitCode).toBe(ExitCode.doesNotFit);
    expect(large.message).toBe(
      "compile/does-not-fit pool: one pixel with tensor 'conv' (12800 bytes of it): 12808 bytes are needed on chip, 8192 " +
        "are available (it fits g8m8p1, g4m8p7, g8m8p7, g8m16p7, g16m16p3)",
    );
  });

  it("counts commands beyond 16 bits: 66,049 loads, computations and stores of a pixel each", () => {
    const network = convNetwork({ inputs: 8, outputs: 8 }, 257);
    const program = compile(network, { ...presets.g8m8p1, featureDepth: 2 });
    for (const kind of ["loadFeatures", "compute", "storeFeatures"])
      expect(program.commands.filter((command) => command.kind === kind).length).toBe(257 * 257);
    const input = new Uint8Array(8 * 257 * 257).map((_, index) => (index * 37) & 255);
    compare(program, input, 1);
    expect(timeline(program, memoryModels.ddr).cycles).toBeGreaterThan(program.statistics.computeCycles);
  });

  it("makes sums of more weights than the memory holds in chains of computations", () => {
    const random = new Random(5);
    const run = (network: Network, config: HwConfig): Program => {
      const program = compile(network, config);
      const { shape } = tensorOf(network, network.input);
      compare(
        program,
        new Uint8Array(elementCount(shape)).map(() => random.integer(0, 255)),
      );
      expect(program.commands.some((command) => command.kind === "compute" && command.partial === 1)).toBe(true);
      return program;
    };
    // Weights: 4,608 words a block; 576 words, whose eight blocks a word are put together.
    run(convNetwork({ inputs: 512, outputs: 24, kernel: 3 }, 3), { ...presets.g8m8p7, weightDepth: 256 });
    run(convNetwork({ inputs: 512, outputs: 11, kernel: 3, pad: 1 }, 3), presets.g8m1p1);
    // Input: 1,600 words of each channel group, 1,024 on chip.
    run(convNetwork({ inputs: 8, outputs: 8, groups: 8, kernel: 40 }, 41), presets.g8m1p1);
  });

  it("tells where tensors are, and that a fused operand does not exist", () => {
    const network = branchNetwork(8, 6);
    const fused = compile(network, presets.g8m8p7, { dumpTensors: "all" });
    expect(fused.tensors.get("b")).toMatchObject({ dram: undefined, chip: undefined, fusedInto: "sum" });
    expect(readableTensors(fused)).toEqual(["a", "sum", "c"]);
    expect(() => storedTensor(fused, "b")).toThrow("the tensor is fused into sum (name it in dumpTensors");
    const apart = compile(network, presets.g8m8p7, { dumpTensors: ["b"] });
    expect(readableTensors(apart)).toEqual(["b", "c"]);
    expect(() => compile(network, presets.g8m8p7, { dumpTensors: ["q"] })).toThrow("unknown-tensor q");
  });

  it("packs and unpacks tensors, and refuses inputs that do not fit", () => {
    const program = compile(convNetwork({ inputs: 11, outputs: 3 }, 5), presets.g8m8p7);
    const random = new Random(1);
    const values = new Uint8Array(11 * 25).map(() => random.integer(0, 255));
    const { bytes } = packInput(program, values);
    expect(bytes.length).toBe(5 * 2 * 48);
    expect(unpackTensor(program, "x", bytes)).toEqual(values);
    expect(() => packInput(program, new Int8Array(11 * 25))).toThrow("275 values of type int8 given, 11x5x5 uint8");
  });

  it("reads every weight byte once, keeping tensors of late stages on chip", () => {
    const program = compile(seededNetwork("vargnet-v2", { scale: 0.25, inputSize: 112 }), presets.g8m8p7);
    const weights = program.segments
      .filter(({ name }) => name === "weights")
      .reduce((n, { bytes }) => n + bytes.length, 0);
    expect(program.statistics.weightBytes).toBe(weights);
    expect(program.statistics.dramWriteBytes).toBe(2 * 1000);
    expect(program.operations.every(({ strips }) => strips === 1)).toBe(true);
  });
});
