import { defaultPreset, type HwConfig, loadConfig, preset } from "../hdl-gen/index.ts";
import { usageError, usageProblem } from "./options/parse.ts";

/**
 * The configuration that --preset or --config names; the default preset when neither is given.
 * @throws VargenError for both at once, an unknown preset, or every problem of the file
 */
export function chosenConfig(values: {
  readonly preset: string | undefined;
  readonly config: string | undefined;
}): HwConfig {
  const { preset: name, config: file } = values;
  if (name !== undefined && file !== undefined)
    throw usageError([usageProblem("conflict", "--config", "cannot be given together with --preset")]);
  if (file === undefined) return preset(name ?? defaultPreset);
  // A path without a slash or .json would be taken for a preset's name.
  return loadConfig(/[/\\]/.test(file) ? file : `./${file}`);
}
