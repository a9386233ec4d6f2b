import { checkConfig, type HwConfig } from "../../hdl-gen/index.ts";
import { Random } from "../../models/random/random.ts";

/** A random sound configuration with small memories, so that tensors and weights often do not fit. */
export function randomConfig(seed: number): HwConfig {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.integer(0, values.length - 1)];
  const groupWidth = pick([4, 8, 16]);
  const axiDataBits = pick([64, 128, 256].filter((bits) => bits >= 8 * groupWidth));
  const beat = axiDataBits / 8;
  const outputChannels = pick([1, 2, 4, 8, 16, 32].filter((m) => m * groupWidth >= beat));
  const inTime = (r: number) => r < groupWidth || (r === groupWidth && outputChannels <= 4 * groupWidth);
  const drains = [1, 2, 4, 8, 16].filter((r) => outputChannels % r === 0 && inTime(r) && 16 * r >= beat);
  const pixelLanes = pick([1, 3, 5, 7, 9].filter((p) => p >= beat / groupWidth));
  return drains.length === 0
    ? randomConfig(seed + 1)
    : checkConfig({
        name: "random",
        groupWidth,
        outputChannels,
        pixelLanes,
        drainChannels: pick(drains),
        axiDataBits,
        featureDepth: pick([64, 128, 256, 1024]),
        weightDepth: pick([64, 256, 1024]),
        parameterDepth: pick([32, 64, 256]),
        commandQueueDepth: pick([2, 4, 8]),
        readBurstBeats: 16,
        readOutstanding: 4,
        writeBurstBeats: 16,
      });
}
