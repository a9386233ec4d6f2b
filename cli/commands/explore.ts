import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { checkConfig, type HwConfig } from "../../hdl-gen/index.ts";
import { deviceNamed, deviceNames, explore } from "../../host/explore/index.ts";
import { memoryModels } from "../../host/index.ts";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { defineCommand } from "../command.ts";
import { describeExploration } from "../explore/text.ts";
import { chosenNetwork } from "../network.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { makeProgress } from "../progress.ts";

/** Group width of a VarGNet where --group does not say: the search is for hardware, not for a network. */
const defaultGroup = 8;

/** `vargen explore`: the configurations of a device that suit a network best. */
export const exploreCommand = defineCommand({
  name: "explore",
  summary:
    "Search a device's configurations for a network: Pareto front of resources and images/s; write the chosen one.",
  options: [
    ...["network", "scale", "group", "inputSize", "classes", "device", "fps", "clock", "memory"],
    ...["output", "seed", "json"],
  ] as const,
  argument: "network",
  examples: [
    "vargen explore vargnet-v1 --device xczu3eg",
    "vargen explore --network vargnet-v2 --device xck26 --fps 200 -o out/fast.json",
    "vargen explore vargnet-v1 --scale 0.5 --device xc7z020 --fps 60 --clock 150 --json",
  ],
  run: async (values, io) => {
    const { device: name, fps, clock, memory, json } = values;
    const network = chosenNetwork(values, defaultGroup);
    if (name === undefined)
      throw usageError([usageProblem("missing", "--device", "name a device", `devices: ${deviceNames.join(", ")}`)]);
    const device = deviceNamed(name);
    const { output = `${device.name}.json` } = values;
    const progress = makeProgress(io, json);
    const clockHz = clock * 1e6;
    let bar: ((done: number) => void) | undefined;
    const found = explore({
      ...{ network, device, memory: memoryModels[memory], clockHz, fps },
      onStep: (text) => progress.step(text),
      onPoint: (done, total) => {
        bar ??= progress.bar("compiled", total);
        bar(Math.min(done, total));
      },
    });
    const { config } = found.chosen;
    const chosen = checkConfig({ ...config, name: `${device.name}_${config.name}` });
    writeConfig(output, chosen);
    const facts = { network: network.name, device, clockHz, fps, memory, output };
    if (json) {
      const { fps: wanted = null, ...rest } = facts;
      io.out(
        `${JSON.stringify({ ...rest, fps: wanted, ...found, chosen: { ...found.chosen, config: chosen } }, null, 2)}\n`,
      );
    } else io.out(describeExploration(found, facts, io.colors));
    return ExitCode.ok;
  },
});

/** Writes a configuration as `--config` takes it. @throws VargenError if it cannot be written */
function writeConfig(path: string, config: HwConfig): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, `${JSON.stringify(config, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  } catch (error) {
    const message = `cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "explore/unwritable", path, message, hint: "choose another path" }]);
  }
}
