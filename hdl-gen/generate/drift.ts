import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../models/errors.ts";
import { presetNames, presets } from "../config/presets.ts";
import type { HwConfig } from "../config/schema.ts";
import { regenerateCommand } from "../views/banner.ts";
import { type GeneratedFile, generate } from "./generate.ts";
import { committedFolder } from "./paths.ts";
import { readIfPresent } from "./write.ts";

/** First line (from 1) at which two texts differ. */
function firstDifference(a: string, b: string): number {
  const [left, right] = [a.split("\n"), b.split("\n")];
  const index = left.findIndex((line, i) => line !== right[i]);
  return (index < 0 ? left.length : index) + 1;
}

/** Names of the files in `folder` and below it, relative, with forward slashes. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll("\\", "/"));
}

/** How the files in `folder` differ from what the generator makes now: one problem a missing, changed or extra file. */
export function compareFiles(folder: string, files: readonly GeneratedFile[], command: string): Problem[] {
  const hint = `run: ${command}`;
  const expected = new Set(files.map(({ path }) => path));
  const problems: Problem[] = [];
  for (const { path, text } of files) {
    const present = readIfPresent(join(folder, path));
    if (present === undefined) problems.push({ code: "generate/missing", path, message: "is missing", hint });
    else if (present !== text) {
      const message = `differs from the generator's output from line ${firstDifference(present, text)} on`;
      problems.push({ code: "generate/drift", path, message, hint });
    }
  }
  for (const path of filesIn(folder)) {
    if (expected.has(path)) continue;
    problems.push({ code: "generate/extra", path, message: "is not made by the generator", hint: "delete it" });
  }
  return problems;
}

/** Compares the committed output of one preset with fresh output. */
function checkPreset(config: HwConfig): Problem[] {
  const problems = compareFiles(committedFolder(config.name), generate(config), regenerateCommand(config));
  return problems.map((problem) => ({ ...problem, path: `rtl/gen/${config.name}/${problem.path}` }));
}

/** Compares the committed output of every preset with fresh output; each problem carries the command that fixes it. */
export function checkGenerated(): Problem[] {
  return presetNames.flatMap((name) => checkPreset(presets[name]));
}
