import { resolve } from "node:path";
import {
  committedFolder,
  compareFiles,
  configHash,
  type GeneratedFile,
  generate,
  generateStandalone,
  type HwConfig,
  isPreset,
  presets,
  topModule,
  writeFiles,
} from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import { usageError, usageProblem } from "../options/parse.ts";
import { printProblems } from "../problems.ts";

/** `vargen generate`: the Verilog of a configuration, with its C header and documentation. */
export const generateCommand = defineCommand({
  name: "generate",
  summary: "Write the Verilog, C header and register documentation of a configuration.",
  options: ["preset", "config", "output", "check", "json"],
  examples: ["vargen generate --preset g8m8p7 -o out/g8m8p7", "vargen generate --config mine.json -o out/mine --check"],
  run: async ({ check, json, output, ...choice }, io) => {
    if (output === undefined) throw usageError([usageProblem("missing", "--output", "name a folder: -o DIR")]);
    const config = chosenConfig(choice);
    const files = filesFor(config, output);
    const summary = {
      configuration: config.name,
      top: topModule(config),
      folder: output,
      files: files.map((f) => f.path),
    };
    if (check) {
      const problems = compareFiles(output, files, `vargen generate ${chosenBy(choice)} -o ${output}`);
      if (problems.length > 0) {
        printProblems(problems, json, io);
        return ExitCode.mismatch;
      }
    } else writeFiles(output, files);
    const verb = check ? "is what the generator makes" : "written";
    if (json) io.out(`${JSON.stringify({ ...summary, problems: [] }, null, 2)}\n`);
    else io.out(`${files.length} files for ${summary.top}: ${output} ${verb}\n`);
    return ExitCode.ok;
  },
});

/** With the hand-written modules, so that the folder can be taken anywhere; the repository's own rtl/gen has them beside it. */
function filesFor(config: HwConfig, output: string): readonly GeneratedFile[] {
  const { name } = config;
  const committed = isPreset(name) && configHash(presets[name]) === configHash(config);
  return committed && resolve(output) === committedFolder(name) ? generate(config) : generateStandalone(config);
}

function chosenBy(choice: { readonly preset: string | undefined; readonly config: string | undefined }): string {
  const { preset, config } = choice;
  return config === undefined ? `--preset ${preset ?? "g8m8p7"}` : `--config ${config}`;
}
