import { fileURLToPath } from "node:url";
import type { Problem } from "../../models/errors.ts";
import type { HwConfig } from "../config/schema.ts";
import { generateStandalone } from "../generate/generate.ts";
import { topModule } from "../views/top.ts";
import { inTemporaryFolder, runTool, type ToolResult } from "./process.ts";

/** Which Yosys: the one in the PATH, or npm's WebAssembly build. */
export type YosysEngine = "native" | "npm";

const WORKER = fileURLToPath(new URL("yosys-worker.mjs", import.meta.url));
const SCRIPT = "lint.ys";

/** Warnings that do not matter, each with its reason. */
const harmless: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^Replacing memory \\\w+ with list of registers/,
    reason: "pipeline registers of the array are written as unpacked arrays, which is what they become",
  },
  {
    pattern: /^Resizing cell port \S*mem\.\d+\.\d+\.(ADDR|DI|DO|WE)\w+ from \d+ bits to \d+ bits/,
    reason: "Yosys' own block RAM library connects some ports wider than they are; the bits above are padding",
  },
];

/**
 * Runs a Yosys script on a configuration's RTL; `SOURCES` in the script stands for the Verilog files.
 * @returns the log, or undefined when the engine is not installed.
 */
export function runYosys(engine: YosysEngine, config: HwConfig, script: string): Promise<ToolResult | undefined> {
  const files = generateStandalone(config);
  const sources = files.filter(({ path }) => path.endsWith(".v")).map(({ path }) => path);
  const text = `${script.replaceAll("SOURCES", sources.join(" "))}\n`;
  return inTemporaryFolder([...files, { path: SCRIPT, text }], (folder) =>
    engine === "native"
      ? runTool("yosys", ["-s", SCRIPT], folder)
      : runTool(process.execPath, [WORKER, SCRIPT], folder),
  );
}

/** Errors and the warnings that matter in a Yosys log. */
export function yosysProblems({ code, output }: ToolResult, path: string): Problem[] {
  const problems = new Map<string, Problem>();
  for (const [, severity, text] of output.matchAll(/^(?:\S+:\d+: )?(Warning|ERROR): (.*)$/gm)) {
    if (severity === "Warning" && harmless.some(({ pattern }) => pattern.test(text))) continue;
    problems.set(text, { code: `lint/yosys-${severity.toLowerCase()}`, path, message: text });
  }
  if (code !== 0 && problems.size === 0) {
    const tail = output.trimEnd().split("\n").slice(-3).join(" / ");
    problems.set("", { code: "lint/yosys-error", path, message: `exit code ${code}: ${tail}` });
  }
  return [...problems.values()];
}

/** The script's first lines: read everything, resolve the hierarchy under the configuration's top. */
export function readScript(config: HwConfig): string {
  return `read_verilog SOURCES\nhierarchy -check -top ${topModule(config)}`;
}
