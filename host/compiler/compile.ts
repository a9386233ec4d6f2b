import { type HwConfig, presetNames, presets } from "../../hdl-gen/index.ts";
import { type Problem, VargenError } from "../../models/errors.ts";
import type { Network } from "../../models/ir/network.ts";
import { Geometry } from "./geometry.ts";
import { FitError } from "./place/fit-error.ts";
import { type PlanOptions, planNetwork } from "./plan.ts";
import type { Program } from "./program.ts";
import { scheduleProgram } from "./schedule/program.ts";

/** Choices of {@link compile}. */
export interface CompileOptions {
  /**
   * Tensors to be stored to DRAM besides the output: all that exist (additions stay fused), or those named (which then
   * exist by themselves). Default: none.
   */
  readonly dumpTensors?: "all" | readonly string[];
  /**
   * Whether the host may write the taps of the first convolution side by side where that is faster (docs/COMPILER.md).
   * Default: true.
   */
  readonly packInput?: boolean;
}

/**
 * Compiles a sound network for one hardware configuration.
 *
 * Layers run one after another where their tensors stay on chip; where not, some are interleaved by rows, and other tensors
 * live in DRAM and pass through buffers in strips of rows. Weights stream through their memory, loads running ahead of the computations.
 *
 * @throws VargenError naming all layers that the hardware cannot run; or, with the exit code `doesNotFit`, the layer and
 *   tensor that do not fit on chip, the bytes needed and available, and the presets that would do
 */
export function compile(network: Network, config: HwConfig, options: CompileOptions = {}): Program {
  const dump = dumpedTensors(network, options);
  const keep: ReadonlySet<string> = options.dumpTensors === "all" ? new Set() : dump;
  const planOptions = { keep, packInput: options.packInput ?? true };
  try {
    const geometry = new Geometry(config);
    return scheduleProgram(network, geometry, planNetwork(network, geometry, planOptions), dump);
  } catch (error) {
    if (error instanceof FitError) throw error.withHint(presetHint(network, config, planOptions));
    throw error;
  }
}

function dumpedTensors(network: Network, { dumpTensors = [] }: CompileOptions): ReadonlySet<string> {
  if (dumpTensors === "all") return new Set(network.layers.map(({ output }) => output));
  const unknown = dumpTensors.filter((name) => !network.tensors.has(name));
  if (unknown.length === 0) return new Set(dumpTensors);
  const problem = (path: string): Problem => ({ code: "compile/unknown-tensor", path, message: "no such tensor" });
  throw new VargenError(unknown.map(problem));
}

/** Which presets the network fits, for the message that it does not fit the one wanted. */
function presetHint(network: Network, config: HwConfig, options: PlanOptions): string {
  const fitting = presetNames.filter((name) => {
    if (name === config.name) return false;
    try {
      planNetwork(network, new Geometry(presets[name]), options);
      return true;
    } catch (error) {
      if (error instanceof VargenError) return false;
      throw error;
    }
  });
  return fitting.length > 0 ? `it fits ${fitting.join(", ")}` : "it fits no preset: give a configuration more depth";
}
