import { checkConfig, type HwConfig, type PresetName, presetNames, presets } from "../../hdl-gen/index.ts";
import type { BuildOptions, CompiledModel } from "../engine/index.ts";
import { buildAccelerator } from "../simulate/accelerator-model.ts";

/**
 * A configuration with memories and queues so small that random networks spill to DRAM, run in strips of rows, and wait
 * for queues, bursts and buffers: what the presets' sizes hide.
 */
export const tightConfig: HwConfig = checkConfig({
  name: "tight_g8m4p3",
  groupWidth: 8,
  outputChannels: 4,
  pixelLanes: 3,
  drainChannels: 2,
  axiDataBits: 64,
  featureDepth: 256,
  weightDepth: 96,
  parameterDepth: 32,
  commandQueueDepth: 2,
  readBurstBeats: 2,
  readOutstanding: 2,
  writeBurstBeats: 2,
});

/** Presets that `npm test` runs; the full campaign runs all of them. */
export const testedPresets: readonly PresetName[] = ["g8m1p1", "g4m8p7", "g8m8p7", "g16m16p3"];

/** Every configuration of the full campaign. */
export const allTargets: readonly HwConfig[] = [...presetNames.map((name) => presets[name]), tightConfig];

/** A target by name: a preset or the tight configuration. */
export function targetByName(name: string): HwConfig | undefined {
  return allTargets.find((config) => config.name === name);
}

/** A target's model: presets share theirs with `vargen simulate`; the tight one is only for small cases. */
export function buildTarget(config: HwConfig, options: BuildOptions = {}): Promise<CompiledModel> {
  return buildAccelerator(config, { ...options, optimize: config === tightConfig ? "quick" : "fast" });
}
