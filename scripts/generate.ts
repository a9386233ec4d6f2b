/**
 * Writes the committed generator output of every preset (rtl/gen), or with `--check` compares it with fresh output.
 * Exit code: 0, 1 when `--check` finds a difference, 2 for an unknown option.
 */
import { checkGenerated, committedFolder, generate, presetNames, presets, writeFiles } from "../hdl-gen/index.ts";
import { formatProblem } from "../models/errors.ts";

function main(args: readonly string[]): number {
  if (args.some((arg) => arg !== "--check")) {
    console.error("usage: tsx scripts/generate.ts [--check]");
    return 2;
  }
  if (args.length === 0) {
    for (const name of presetNames) writeFiles(committedFolder(name), generate(presets[name]));
    console.log(`wrote rtl/gen for ${presetNames.join(", ")}`);
    return 0;
  }
  const problems = checkGenerated();
  for (const problem of problems) console.error(formatProblem(problem));
  if (problems.length > 0) console.error("all presets at once: npx tsx scripts/generate.ts");
  else console.log("rtl/gen is what the generator makes");
  return problems.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
