import { basename } from "node:path";
import { generateStandalone, type HwConfig, topModule } from "../../hdl-gen/index.ts";
import {
  type BuildOptions,
  buildModel,
  type CompiledModel,
  type ModelSpec,
  type Optimization,
} from "../engine/index.ts";

/** Variants of a model. */
export interface AcceleratorVariant {
  /** The slower variant that can write waveforms. Default false. */
  readonly trace?: boolean;
  /** Default `fast`, but `quick` for waveforms, which are of short windows. */
  readonly optimize?: Optimization;
  /** The variant that replays recorded inputs by itself. Default false. */
  readonly replay?: boolean;
}

/** What is compiled for a configuration: exactly the Verilog that `vargen generate` writes. */
export function acceleratorSpec(config: HwConfig, variant: AcceleratorVariant = {}): ModelSpec {
  const { trace = false, optimize = trace ? "quick" : "fast", replay = false } = variant;
  const files = generateStandalone(config).filter(({ path }) => /\.vh?$/.test(path));
  const sources = files.map(({ path, text }) => ({ name: basename(path), text }));
  return { top: topModule(config), sources, trace, optimize, replay };
}

/**
 * The simulation model of a configuration, compiled or from the cache.
 * @throws VargenError if Verilator is missing or refuses the Verilog
 */
export function buildAccelerator(
  config: HwConfig,
  options: BuildOptions & AcceleratorVariant = {},
): Promise<CompiledModel> {
  return buildModel(acceleratorSpec(config, options), options);
}
