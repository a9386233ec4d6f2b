import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile } from "../compiler/index.ts";
import type { Command } from "../isa/index.ts";
import { convNetwork } from "../testing/networks.ts";
import { MachineError } from "./machine.ts";
import { interpret, preferring } from "./run.ts";
import { initialMemory } from "./run-program.ts";

const program = compile(convNetwork({ inputs: 8, outputs: 16, kernel: 3, pad: 1 }, 9), presets.g8m8p7);
const input = new Uint8Array(8 * 81).fill(3);

/** The error of a run in which the first command of a kind is changed. */
function errorOf(kind: Command["kind"], change: Readonly<Record<string, number>>): MachineError {
  const index = program.commands.findIndex((command) => command.kind === kind);
  const commands = program.commands.map((command, i) =>
    i === index ? ({ ...command, ...change } as Command) : command,
  );
  try {
    interpret(program.config, initialMemory(program, input), commands);
  } catch (error) {
    if (error instanceof MachineError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("interpret", () => {
  it.each([
    ["compute", { outBase: 4090 }, "FEATURE_ADDRESS"],
    ["compute", { inBase: 4096, iy0: 0 }, "FEATURE_ADDRESS"],
    ["compute", { weightBase: 4095 }, "WEIGHT_ADDRESS"],
    ["compute", { parameterBase: 1022 }, "PARAMETER_ADDRESS"],
    ["compute", { q0: 1 }, "BAD_FIELD"],
    ["compute", { waitLoad: 900 }, "BAD_WAIT"],
    ["loadWeights", { memoryOffset: 2 ** 30 }, "MEMORY_ADDRESS"],
    ["loadWeights", { memoryOffset: 8 }, "MEMORY_ADDRESS"],
    ["loadWeights", { firstWord: 4095 }, "WEIGHT_ADDRESS"],
    ["loadWeights", { beats: 3 }, "BAD_FIELD"],
    ["loadFeatures", { base: 4095 }, "FEATURE_ADDRESS"],
    ["storeFeatures", { memoryOffset: 2 ** 31 }, "MEMORY_ADDRESS"],
  ] as const)("%s with %o stops with %s", (kind, change, name) => {
    const error = errorOf(kind, change);
    expect(error.message).toContain(name);
    expect(program.commands[error.index].kind).toBe(kind);
  });

  it("wants an END", () => {
    const commands = program.commands.slice(0, -1);
    expect(() => interpret(program.config, initialMemory(program, input), commands)).toThrow("NO_END");
  });

  it("notices data that nothing wrote", () => {
    const commands = program.commands.filter(({ kind }) => kind !== "loadFeatures");
    const patched = commands.map((command) => ({ ...command, waitLoad: 0 }));
    const run = (): void => interpret(program.config, initialMemory(program, input), patched, preferring("load"));
    expect(run).toThrow("nothing wrote");
  });
});
