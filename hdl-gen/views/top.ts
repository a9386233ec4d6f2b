import { configHash } from "../config/hash.ts";
import type { HwConfig } from "../config/schema.ts";
import { counterRegisters } from "../registers/counters.ts";
import { capability } from "../registers/fields.ts";
import type { View } from "../render/view.ts";
import { verilogHex } from "./format.ts";

/** Name of a configuration's top module. */
export function topModule(config: HwConfig): string {
  return `vargen_${config.name}`;
}

/** The parameters of `vg_core` in their order, by name. */
function coreParameters(config: HwConfig): Readonly<Record<string, number>> {
  return {
    G: config.groupWidth,
    M: config.outputChannels,
    P: config.pixelLanes,
    R: config.drainChannels,
    AXI_BITS: config.axiDataBits,
    FEATURE_DEPTH: config.featureDepth,
    WEIGHT_DEPTH: config.weightDepth,
    PARAMETER_DEPTH: config.parameterDepth,
    QUEUE_DEPTH: config.commandQueueDepth,
    READ_BURST: config.readBurstBeats,
    READ_OUTSTANDING: config.readOutstanding,
    WRITE_BURST: config.writeBurstBeats,
  };
}

/** View of the top level's template. */
export function topView(config: HwConfig): View {
  const parameters = Object.entries(coreParameters(config));
  const counters = counterRegisters.map(({ name }) => `cnt_${name.toLowerCase()}`);
  return {
    module: topModule(config),
    shape: { g: config.groupWidth, m: config.outputChannels, p: config.pixelLanes },
    hash: verilogHex(configHash(config), 32),
    capability: verilogHex(capability(config), 32),
    dataHigh: config.axiDataBits - 1,
    strobeHigh: config.axiDataBits / 8 - 1,
    parameters: parameters.map(([name, value], index) => ({
      name,
      value,
      separator: index + 1 < parameters.length ? "," : "",
    })),
    counters: counters.map((name) => ({ name })),
  };
}
