import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, wherever the process runs. */
export function repositoryRoot(): string {
  return resolve(fileURLToPath(new URL("../..", import.meta.url)));
}

/** Folder that holds the committed output of a preset. */
export function committedFolder(preset: string): string {
  return join(repositoryRoot(), "rtl", "gen", preset);
}
