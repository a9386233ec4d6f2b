import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode, VargenError } from "../../models/errors.ts";
import { repositoryRoot } from "./paths.ts";

/** One hand-written Verilog file; it declares the module that it is named after. */
export interface LibraryModule {
  readonly name: string;
  /** Verilog source. */
  readonly text: string;
}

/** Reads every module of rtl/lib, sorted by name. */
export function readLibrary(): readonly LibraryModule[] {
  const folder = join(repositoryRoot(), "rtl", "lib");
  const files = readdirSync(folder).filter((file) => file.endsWith(".v"));
  return files.sort().map((file) => ({ name: file.slice(0, -2), text: readFileSync(join(folder, file), "utf8") }));
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");

/**
 * The modules that `root` needs, itself included, sorted by name.
 * @throws VargenError when the library lacks `root`.
 */
export function requiredModules(library: readonly LibraryModule[], root: string): readonly LibraryModule[] {
  const byName = new Map(library.map((module) => [module.name, module]));
  const needed = new Map<string, LibraryModule>();
  const pending = [root];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const module = byName.get(name);
    if (module === undefined) {
      const problem = { code: "generate/missing-module", path: name, message: "rtl/lib has no file of that name" };
      throw new VargenError([problem], ExitCode.internal);
    }
    if (needed.has(name)) continue;
    needed.set(name, module);
    for (const word of withoutComments(module.text).match(/\w+/g) ?? []) {
      if (byName.has(word) && !needed.has(word)) pending.push(word);
    }
  }
  return [...needed.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
