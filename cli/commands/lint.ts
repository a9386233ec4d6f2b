import { createColors } from "picocolors";
import { type LintCheck, type LintReport, lintPassed, lintPreset, presetNames, presets } from "../../hdl-gen/index.ts";
import { ExitCode } from "../../models/errors.ts";
import { defineCommand } from "../command.ts";
import { chosenConfig } from "../configuration.ts";
import type { Io } from "../io.ts";
import { printProblems } from "../problems.ts";

/** `vargen lint`: the RTL before Verilator's and Yosys' eyes. */
export const lintCommand = defineCommand({
  name: "lint",
  summary: "Check the RTL of one configuration, or of every preset, with Verilator -Wall and Yosys.",
  options: ["preset", "config", "synthesis", "json"],
  examples: ["vargen lint", "vargen lint --preset g8m8p7 --synthesis mapping"],
  run: async ({ synthesis, json, ...choice }, io) => {
    const one = choice.preset !== undefined || choice.config !== undefined;
    const configs = one ? [chosenConfig(choice)] : presetNames.map((name) => presets[name]);
    const reports: LintReport[] = [];
    for (const config of configs) {
      if (!json) io.out(`${config.name}\n`);
      reports.push(await lintPreset(config, { synthesis, onCheck: (check) => json || printCheck(check, io) }));
    }
    if (json) io.out(`${JSON.stringify({ reports }, null, 2)}\n`);
    if (!reports.every(lintPassed)) return ExitCode.mismatch;
    const skipped = reports.some(({ checks }) => checks.some((check) => check.skipped !== undefined));
    return skipped ? ExitCode.missingTool : ExitCode.ok;
  },
});

function printCheck({ name, problems, skipped, figures, seconds }: LintCheck, io: Io): void {
  const { green, red, yellow, dim } = createColors(io.colors);
  const result = skipped !== undefined ? yellow("skipped") : problems.length === 0 ? green("passed ") : red("failed ");
  const counts = Object.entries(figures ?? {}).map(([cell, count]) => `${cell} ${count}`);
  const notes = skipped ?? [...counts, `${seconds.toFixed(1)} s`].join(", ");
  io.out(`  ${result} ${name} ${dim(notes)}\n`);
  printProblems(problems, false, io);
}
