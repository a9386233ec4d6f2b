import { configHash } from "../config/hash.ts";
import { isPreset, presets } from "../config/presets.ts";
import type { HwConfig } from "../config/schema.ts";
import type { View } from "../render/view.ts";
import { hex } from "./format.ts";

/** The command that makes a configuration's output again; a preset's goes where the repository keeps it. */
export function regenerateCommand(config: HwConfig): string {
  const { name } = config;
  const isBuiltIn = isPreset(name) && configHash(presets[name]) === configHash(config);
  const source = isBuiltIn ? `--preset ${name} -o rtl/gen/${name}` : `--config vargen_${name}.json -o DIR`;
  return `npm run vargen -- generate ${source}`;
}

/** What every generated file says at its top. No date, host or path: the same configuration gives the same bytes. */
export function bannerView(config: HwConfig): View {
  return { banner: { command: regenerateCommand(config), hash: `0x${hex(configHash(config), 8)}` } };
}
