import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { VargenError } from "../../models/errors.ts";
import type { GeneratedFile } from "./generate.ts";

/**
 * Writes generated files into `folder`, which it makes. All of them are first written beside their place, so that a full
 * disk or a missing right leaves no file half-written.
 * @throws VargenError naming the folder when it cannot be written.
 */
export function writeFiles(folder: string, files: readonly GeneratedFile[]): void {
  let staging: string | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    staging = mkdtempSync(join(folder, ".vargen-"));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      writeFileSync(join(staging, path), text);
    }
    for (const { path } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      renameSync(join(staging, path), join(folder, path));
    }
  } catch (error) {
    const message = `cannot be written: ${(error as Error).message}`;
    throw new VargenError([{ code: "generate/unwritable", path: folder, message }]);
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
}

/** Text of the file at `path`, or undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
