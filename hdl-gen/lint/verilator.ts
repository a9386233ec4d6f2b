import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../models/errors.ts";
import type { HwConfig } from "../config/schema.ts";
import { generateStandalone } from "../generate/generate.ts";
import { repositoryRoot } from "../generate/paths.ts";
import { topModule } from "../views/top.ts";
import { inTemporaryFolder, runTool } from "./process.ts";
import { type LintCheck, timed } from "./report.ts";

const WAIVER = "verilator_waiver.vlt";

/** The project's waivers: every one names its message and file and gives its reason. */
function waiver(): string {
  return readFileSync(join(repositoryRoot(), "rtl", "lint", WAIVER), "utf8");
}

/** Splits Verilator's messages; continuation lines stay out. */
export function verilatorProblems(messages: string): Problem[] {
  const line = /^%(Warning|Error)(?:-(\w+))?: (?:(\S+?):(\d+):(?:\d+:)? )?(.*)$/gm;
  return [...messages.matchAll(line)]
    .filter(([, , , , , text]) => !text.startsWith("Exiting due to"))
    .map(([, severity, rule, file, number, text]) => ({
      code: `lint/verilator-${(rule ?? severity).toLowerCase()}`,
      path: file === undefined ? "verilator" : `${file}:${number}`,
      message: text.trim(),
    }));
}

/** `verilator --lint-only -Wall` on a configuration's whole RTL, with the project's waivers. */
export function lintVerilator(config: HwConfig): Promise<LintCheck> {
  return timed("verilator -Wall", async () => {
    const files = [...generateStandalone(config), { path: WAIVER, text: waiver() }];
    const top = topModule(config);
    const args = ["--lint-only", "-Wall", "--top-module", top, WAIVER, "-f", `${top}.f`];
    const result = await inTemporaryFolder(files, (folder) => runTool("verilator", args, folder));
    if (result === undefined) return { problems: [], skipped: "verilator is not installed" };
    const problems = verilatorProblems(result.output);
    if (result.code !== 0 && problems.length === 0) {
      problems.push({ code: "lint/verilator", path: top, message: `exit code ${result.code}: ${result.output}` });
    }
    return { problems };
  });
}
