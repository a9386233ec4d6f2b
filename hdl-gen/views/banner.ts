import { configHash } from "../config/hash.ts";
import { isPreset, presets } from "../config/presets.ts";
import type { HwConfig } from "../config/schema.ts";
import type { View } from "../render/view.ts";
import { hex } from "./format.ts";

/** The command that makes a configuration's output again, in `folder` (as the command line names it). */
export function regenerateCommand(config: HwConfig, folder: string = committedName(config)): string {
  const { name } = config;
  const isBuiltIn = isPreset(name) && configHash(presets[name]) === configHash(config);
  const source = isBuiltIn ? `--preset ${name}` : `--config vargen_${name}.json`;
  return `npm run vargen -- generate ${source} -o ${folder}`;
}

/** Where the repository keeps a preset's output, seen from its root. */
function committedName(config: HwConfig): string {
  return `rtl/gen/${config.name}`;
}

/** What every generated file says at its top. No date, host or path: the same configuration gives the same bytes. */
export function bannerView(config: HwConfig, folder?: string): View {
  return { banner: { command: regenerateCommand(config, folder), hash: `0x${hex(configHash(config), 8)}` } };
}
