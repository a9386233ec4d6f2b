import { readFileSync } from "node:fs";
import path from "node:path";
import { cached, contentKey } from "./cache.ts";
import { runClang } from "./clang.ts";
import { clangVersion, findVerilator, type Verilator } from "./tools.ts";

/** Flags of every compilation; the `VM_` macros say what Verilator's own makefile would. */
export const COMPILE_FLAGS = [
  ...["-std=c++17", "-fno-exceptions", "-msimd128", "-DVL_IGNORE_UNKNOWN_ARCH", "-DVERILATOR=1", "-DVM_COVERAGE=0"],
  ...["-DVM_SC=0", "-DVM_TRACE=0", "-DVM_TRACE_FST=0", "-I/include", "-I/include/vltstd"],
] as const;

/** The precompiled header works at this optimisation level only. */
export const QUICK = "-O1";
const HEADER = '#include "verilated.h"\n';

/** The compiler with the parts of Verilator's runtime that every model shares, built once per tool version. */
export interface Toolchain {
  readonly verilator: Verilator;
  /** Identifies the versions of Verilator and clang, for cache keys. */
  readonly version: string;
  /** Flags and files that make `verilated.h` cheap to include at {@link QUICK}. */
  precompiledHeader(): Promise<{ args: string[]; files: Record<string, string>; diskFiles: Record<string, string> }>;
  /** Path of the object file of Verilator's runtime. */
  runtimeObject(): Promise<string>;
  /** Path of the object file of the VCD writer. */
  traceObject(): Promise<string>;
}

/**
 * @param root cache folder
 * @throws VargenError if Verilator is missing
 */
export async function openToolchain(root: string): Promise<Toolchain> {
  const verilator = await findVerilator();
  const version = contentKey([verilator.version, clangVersion(), COMPILE_FLAGS, QUICK]);
  const include = verilator.includeFolder;

  const precompiledHeader: Toolchain["precompiledHeader"] = async () => {
    const folder = await cached(root, `header-${version}`, () =>
      runClang({
        args: [...COMPILE_FLAGS, QUICK, "-x", "c++-header", "all.h", "-o", "all.h.pch"],
        files: { "all.h": HEADER },
        diskFolders: { include },
        outputs: ["all.h.pch"],
      }),
    );
    return {
      args: ["-include-pch", "all.h.pch"],
      files: { "all.h": HEADER },
      diskFiles: { "all.h.pch": path.join(folder, "all.h.pch") },
    };
  };

  const library = async (name: string, sources: readonly string[]): Promise<string> => {
    const folder = await cached(root, `${name}-${version}`, async () => {
      const header = await precompiledHeader();
      const text = sources.map((file) => readFileSync(path.join(include, file), "utf8")).join("\n");
      return runClang({
        args: [...COMPILE_FLAGS, QUICK, ...header.args, "-c", "all.cpp", "-o", "all.o"],
        files: { ...header.files, "all.cpp": text },
        diskFiles: header.diskFiles,
        diskFolders: { include },
        outputs: ["all.o"],
      });
    });
    return path.join(folder, "all.o");
  };

  return {
    verilator,
    version,
    precompiledHeader,
    runtimeObject: () => library("runtime", ["verilated.cpp", "verilated_threads.cpp"]),
    traceObject: () => library("trace", ["verilated_vcd_c.cpp"]),
  };
}
