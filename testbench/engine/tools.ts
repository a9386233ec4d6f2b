import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { ExitCode, VargenError } from "../../models/errors.ts";

const run = promisify(execFile);

/** The Verilator on this machine. */
export interface Verilator {
  /** As printed by `verilator --version`. */
  readonly version: string;
  /** Folder of verilated.h and verilated.cpp. */
  readonly includeFolder: string;
}

let found: Promise<Verilator> | undefined;

/**
 * Finds Verilator on PATH.
 * @throws VargenError `tool/missing` (exit code missingTool) with the command that installs it
 */
export function findVerilator(): Promise<Verilator> {
  found ??= probe();
  return found;
}

async function probe(): Promise<Verilator> {
  try {
    const version = (await run("verilator", ["--version"])).stdout.trim();
    const root = (await run("verilator", ["--getenv", "VERILATOR_ROOT"])).stdout.trim();
    return { version, includeFolder: path.join(root, "include") };
  } catch (error) {
    found = undefined;
    throw new VargenError(
      [
        {
          code: "tool/missing",
          path: "verilator",
          message: `Verilator could not be run: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
          hint: "install it with: sudo apt-get install -y verilator",
        },
      ],
      ExitCode.missingTool,
    );
  }
}

/** Version of the installed `@yowasp/clang`; part of every cache key. */
export function clangVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@yowasp/clang");
  const manifest: { version: string } = JSON.parse(
    readFileSync(path.join(path.dirname(entry), "..", "package.json"), "utf8"),
  );
  return manifest.version;
}
