import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GeneratedFile } from "../generate/generate.ts";
import { writeFiles } from "../generate/write.ts";

/** How a tool ended, and all it printed. */
export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a tool in `folder`, with nothing on its standard input; undefined when there is no such tool. */
export function runTool(command: string, args: readonly string[], folder: string): Promise<ToolResult | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** Writes `files` to a new folder, runs `body` there, and removes the folder. */
export async function inTemporaryFolder<T>(
  files: readonly GeneratedFile[],
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "vargen-lint-"));
  try {
    writeFiles(folder, files);
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
