import { readFileSync } from "node:fs";
import { VargenError } from "../../models/errors.ts";
import { checkConfig } from "./check.ts";
import { preset } from "./presets.ts";
import type { HwConfig } from "./schema.ts";

const looksLikeFile = (name: string): boolean => /[/\\]|\.json$/.test(name);

function readJson(file: string): unknown {
  const fail = (code: string, message: string): VargenError => new VargenError([{ code, path: file, message }]);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw fail("config/unreadable", `cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fail("config/not-json", `is not JSON: ${(error as Error).message}`);
  }
}

/**
 * A configuration by preset name, or from a JSON file (a path holding `/` or ending in `.json`) with every field.
 * @throws VargenError for an unknown preset (listing them all), an unreadable file, or every problem in the file.
 */
export function loadConfig(presetNameOrFile: string): HwConfig {
  return looksLikeFile(presetNameOrFile) ? checkConfig(readJson(presetNameOrFile)) : preset(presetNameOrFile);
}
