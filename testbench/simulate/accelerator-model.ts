import { basename } from "node:path";
import { generateStandalone, type HwConfig, topModule } from "../../hdl-gen/index.ts";
import { type BuildOptions, buildModel, type CompiledModel, type ModelSpec } from "../engine/index.ts";

/** What is compiled for a configuration: exactly the Verilog that `vargen generate` writes. */
export function acceleratorSpec(config: HwConfig, trace = false): ModelSpec {
  const files = generateStandalone(config).filter(({ path }) => /\.vh?$/.test(path));
  const sources = files.map(({ path, text }) => ({ name: basename(path), text }));
  return { top: topModule(config), sources, trace };
}

/**
 * The simulation model of a configuration, compiled or from the cache.
 * @param options.trace the slower variant that can write waveforms. Default false
 * @throws VargenError if Verilator is missing or refuses the Verilog
 */
export function buildAccelerator(
  config: HwConfig,
  options: BuildOptions & { readonly trace?: boolean } = {},
): Promise<CompiledModel> {
  const { trace = false, ...build } = options;
  return buildModel(acceleratorSpec(config, trace), build);
}
