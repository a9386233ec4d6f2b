import { VargenError } from "../../models/errors.ts";
import type { HwConfig } from "./schema.ts";

/** The named configurations, each with every field. Names give the shape: gGmMpP. */
export const presets = {
  g8m1p1: {
    name: "g8m1p1",
    groupWidth: 8,
    outputChannels: 1,
    pixelLanes: 1,
    drainChannels: 1,
    axiDataBits: 64,
    featureDepth: 1024,
    weightDepth: 512,
    parameterDepth: 256,
    commandQueueDepth: 4,
    readBurstBeats: 16,
    readOutstanding: 4,
    writeBurstBeats: 16,
  },
  g8m8p1: {
    name: "g8m8p1",
    groupWidth: 8,
    outputChannels: 8,
    pixelLanes: 1,
    drainChannels: 2,
    axiDataBits: 64,
    featureDepth: 4096,
    weightDepth: 1024,
    parameterDepth: 512,
    commandQueueDepth: 8,
    readBurstBeats: 16,
    readOutstanding: 8,
    writeBurstBeats: 16,
  },
  g4m8p7: {
    name: "g4m8p7",
    groupWidth: 4,
    outputChannels: 8,
    pixelLanes: 7,
    drainChannels: 2,
    axiDataBits: 128,
    featureDepth: 8192,
    weightDepth: 8192,
    parameterDepth: 1024,
    commandQueueDepth: 8,
    readBurstBeats: 16,
    readOutstanding: 16,
    writeBurstBeats: 16,
  },
  g8m8p7: {
    name: "g8m8p7",
    groupWidth: 8,
    outputChannels: 8,
    pixelLanes: 7,
    drainChannels: 2,
    axiDataBits: 128,
    featureDepth: 4096,
    weightDepth: 4096,
    parameterDepth: 1024,
    commandQueueDepth: 8,
    readBurstBeats: 16,
    readOutstanding: 16,
    writeBurstBeats: 16,
  },
  g8m16p7: {
    name: "g8m16p7",
    groupWidth: 8,
    outputChannels: 16,
    pixelLanes: 7,
    drainChannels: 4,
    axiDataBits: 256,
    featureDepth: 4096,
    weightDepth: 2048,
    parameterDepth: 512,
    commandQueueDepth: 8,
    readBurstBeats: 16,
    readOutstanding: 16,
    writeBurstBeats: 16,
  },
  g16m16p3: {
    name: "g16m16p3",
    groupWidth: 16,
    outputChannels: 16,
    pixelLanes: 3,
    drainChannels: 4,
    axiDataBits: 256,
    featureDepth: 4096,
    weightDepth: 1024,
    parameterDepth: 512,
    commandQueueDepth: 8,
    readBurstBeats: 16,
    readOutstanding: 16,
    writeBurstBeats: 16,
  },
} as const satisfies Record<string, HwConfig>;

/** Name of a preset. */
export type PresetName = keyof typeof presets;

/** All preset names, smallest array first. */
export const presetNames = Object.keys(presets) as PresetName[];

/** The preset used when none is named. */
export const defaultPreset: PresetName = "g8m8p7";

/** Whether `name` names a preset. */
export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

/**
 * The preset called `name`.
 * @throws VargenError listing all presets when there is none of that name.
 */
export function preset(name: string): HwConfig {
  if (isPreset(name)) return presets[name];
  throw new VargenError([
    {
      code: "config/unknown-preset",
      path: name,
      message: "no such preset",
      hint: `presets: ${presetNames.join(", ")}; or give a JSON file (a path with / or ending in .json)`,
    },
  ]);
}
