import type { Problem } from "../../models/errors.ts";
import type { HwConfig } from "../config/schema.ts";
import { generateStandalone } from "../generate/generate.ts";
import { topModule } from "../views/top.ts";
import { inTemporaryFolder, runTool } from "./process.ts";
import { type LintCheck, timed } from "./report.ts";

/** Splits Icarus' errors and warnings, `file:line: text`. */
export function icarusProblems(messages: string): Problem[] {
  return [...messages.matchAll(/^(\S+:\d+): (.*)$/gm)].map(([, path, message]) => ({
    code: "lint/icarus",
    path,
    message: message.trim(),
  }));
}

/** Icarus elaborates a configuration's whole RTL as plain Verilog-2005 without a word. */
export function lintIcarus(config: HwConfig): Promise<LintCheck> {
  return timed("iverilog -g2005", async () => {
    const top = topModule(config);
    const args = ["-g2005", "-s", top, "-o", "lint.vvp", "-c", `${top}.f`];
    const result = await inTemporaryFolder(generateStandalone(config), (folder) => runTool("iverilog", args, folder));
    if (result === undefined) return { problems: [], skipped: "iverilog is not installed" };
    const problems = icarusProblems(result.output);
    if (result.code !== 0 && problems.length === 0) {
      problems.push({ code: "lint/icarus", path: top, message: `exit code ${result.code}: ${result.output}` });
    }
    return { problems };
  });
}
