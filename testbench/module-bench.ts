import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { VargenError } from "../models/errors.ts";
import {
  type BuildOptions,
  buildModel,
  type CompiledModel,
  type ModelSpec,
  type ParameterValue,
  type VerilogSource,
} from "./engine/index.ts";

/** Folder of the hand-written Verilog. */
export const RTL_LIBRARY = fileURLToPath(new URL("../rtl/lib", import.meta.url));

/** Options of {@link buildModule}. */
export interface ModuleOptions extends BuildOptions, Pick<ModelSpec, "clock" | "optimize" | "trace" | "initial"> {
  /** Folders searched for `<module>.v`, first match wins. Default `rtl/lib`. */
  readonly libraries?: readonly string[];
}

/**
 * Compiles one module of the RTL library, with the modules it instantiates, for a unit test.
 *
 * Defaults differ from {@link buildModel}: `optimize: 'quick'`, because compiling dominates, and `initial: 'random'`,
 * so that a register read before its reset gives the test a random value and not a convenient zero.
 * @param name module name; its file is `<name>.v`
 * @param parameters top-level parameters to override
 * @throws VargenError if there is no such file, or with Verilator's errors
 */
export function buildModule(
  name: string,
  parameters: Readonly<Record<string, ParameterValue>> = {},
  options: ModuleOptions = {},
): Promise<CompiledModel> {
  const { libraries = [RTL_LIBRARY], clock, optimize = "quick", trace = false, initial = "random", ...build } = options;
  const sources = moduleSources(name, libraries);
  const named = clock === undefined ? {} : { clock };
  return buildModel({ top: name, sources, parameters, optimize, trace, initial, ...named }, build);
}

/**
 * The files that a module needs: its own, those of every module it names, and all headers.
 * Found by the words of the Verilog text, so a name in an expression may add a file too many, never one too few.
 */
export function moduleSources(name: string, libraries: readonly string[] = [RTL_LIBRARY]): VerilogSource[] {
  const files = new Map<string, string>();
  for (const folder of libraries.filter((folder) => existsSync(folder))) {
    for (const file of readdirSync(folder)) {
      if (/\.vh?$/.test(file) && !files.has(file)) files.set(file, path.join(folder, file));
    }
  }
  if (!files.has(`${name}.v`)) {
    throw new VargenError([
      { code: "rtl/no-module", path: name, message: `no file ${name}.v in ${libraries.join(", ")}` },
    ]);
  }
  const texts = new Map<string, string>();
  const visit = (file: string): void => {
    const location = files.get(file);
    if (location === undefined || texts.has(file)) return;
    const text = readFileSync(location, "utf8");
    texts.set(file, text);
    const code = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    for (const [word] of code.matchAll(/\w+/g)) visit(`${word}.v`);
  };
  visit(`${name}.v`);
  for (const file of files.keys()) if (file.endsWith(".vh")) visit(file);
  return [...texts].map(([file, text]) => ({ name: file, text })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
