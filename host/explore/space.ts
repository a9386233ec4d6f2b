import { crossChecks, deriveFigures, type HwConfig } from "../../hdl-gen/index.ts";
import type { Device } from "./devices.ts";
import { deviceShare, fitted, type Resources, resourcesOf } from "./resources.ts";

/** A configuration that fits a device. */
export interface Candidate {
  readonly config: HwConfig;
  readonly resources: Resources;
  /** Multipliers made of LUTs, where the device's DSPs are used up. */
  readonly lutMultipliers: number;
  /** The largest share of any resource that it takes, at most 1. */
  readonly share: number;
}

const groupWidths = [4, 8, 16];
const outputChannels = [1, 2, 4, 8, 16, 32];
const pixelLanes = [1, 3, 5, 7, 9, 11, 13, 15];
const busBits = [64, 128, 256, 512];
// Smaller buffers take hardly less block RAM.
const featureDepths = [1024, 2048, 4096, 8192, 16_384];
const weightDepths = [256, 512, 1024, 2048, 3072, 4096, 6144, 8192, 12_288, 16_384];

/** What candidates have in common with the presets: they cost little and gain less. */
const common = {
  parameterDepth: 512,
  commandQueueDepth: 8,
  readBurstBeats: 16,
  readOutstanding: 16,
  writeBurstBeats: 16,
} as const;

/** Every configuration of the search space that a device holds, with a bus no wider than its DRAM feeds at a clock. */
export function candidatesFor(device: Device, clockHz: number): readonly Candidate[] {
  return everyConfig((bits) => (bits / 8) * clockHz <= Math.max(device.dramBytesPerSecond, 8 * clockHz)).flatMap(
    (config) => {
      const { resources, lutMultipliers } = fitted(
        resourcesOf(config),
        deriveFigures(config).macs,
        device.resources.dsp,
      );
      const share = deviceShare(resources, device.resources);
      return share <= 1 ? [{ config, resources, lutMultipliers, share }] : [];
    },
  );
}

/** The configuration of the search space that takes the least of a device. */
export function smallestConfig(device: Device): HwConfig {
  const narrow = everyConfig((bits) => bits === 64);
  const share = (config: HwConfig): number => deviceShare(resourcesOf(config), device.resources);
  return narrow.reduce((best, config) => (share(config) < share(best) ? config : best));
}

function everyConfig(allowed: (bits: number) => boolean): readonly HwConfig[] {
  const configs: HwConfig[] = [];
  for (const [groupWidth, m, p] of product(groupWidths, outputChannels, pixelLanes))
    for (const [drainChannels, axiDataBits] of product(outputChannels, busBits.filter(allowed))) {
      const shape = { groupWidth, outputChannels: m, pixelLanes: p, drainChannels, axiDataBits };
      const name = `g${groupWidth}m${m}p${p}`;
      const head = { ...common, ...shape, name, featureDepth: featureDepths[0], weightDepth: weightDepths[0] };
      if (crossChecks.some(({ check }) => check(head) !== undefined)) continue;
      for (const [featureDepth, weightDepth] of product(featureDepths, weightDepths))
        configs.push({ ...head, featureDepth, weightDepth });
    }
  return configs;
}

function product(...lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );
}
