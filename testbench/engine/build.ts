import { readFileSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../models/errors.ts";
import { cached, cacheFolder, contentKey } from "./cache.ts";
import { runClang } from "./clang.ts";
import { CompiledModel } from "./compiled-model.ts";
import type { PortInfo } from "./ports.ts";
import { PREFIX, renderShim } from "./shim.ts";
import type { ModelSpec } from "./spec.ts";
import { COMPILE_FLAGS, openToolchain, QUICK, type Toolchain } from "./toolchain.ts";
import { type Verilated, verilate, verilatorArguments } from "./verilate.ts";

/** What a build is doing; a cached model reports nothing but `ready`. */
export interface BuildProgress {
  readonly top: string;
  readonly stage: "waiting for another process" | "verilate" | "compile" | "link" | "ready";
}

/** Options of {@link buildModel} that do not change the result. */
export interface BuildOptions {
  /** Default {@link cacheFolder}. */
  readonly cacheFolder?: string;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** Written next to the WebAssembly module. */
export interface Manifest {
  readonly top: string;
  readonly clock: string | undefined;
  readonly trace: boolean;
  readonly ports: readonly PortInfo[];
  readonly warnings: readonly Problem[];
}

/**
 * Compiles Verilog to a WebAssembly module, or takes it from the cache, where it lies under the hash of the Verilog
 * text, parameters, flags and tool versions.
 * @throws VargenError for Verilog that Verilator refuses (each error at its file and line), or if Verilator is missing
 */
export async function buildModel(spec: ModelSpec, options: BuildOptions = {}): Promise<CompiledModel> {
  const root = options.cacheFolder ?? cacheFolder();
  const report = (stage: BuildProgress["stage"]) => options.onProgress?.({ top: spec.top, stage });
  const toolchain = await openToolchain(root);
  const shim = renderShim([], { clock: "clk", trace: spec.trace === true });
  const key = contentKey([toolchain.version, verilatorArguments(spec), flags(spec), spec.clock, shim, spec.sources]);
  const folder = await cached(
    root,
    `model-${spec.top}-${key}`,
    async () => {
      report("verilate");
      const verilated = await verilate(spec);
      const clock = findClock(spec, verilated.ports);
      report("compile");
      const libraries = sharedObjects(spec.trace === true, toolchain);
      const [objects, shared] = await Promise.all([compile(spec, verilated, clock, toolchain), libraries]);
      report("link");
      const wasm = await link(objects, shared);
      const manifest: Manifest = {
        top: spec.top,
        clock,
        trace: spec.trace === true,
        ports: verilated.ports,
        warnings: verilated.warnings,
      };
      return { "model.wasm": wasm, "manifest.json": JSON.stringify(manifest) };
    },
    () => report("waiting for another process"),
  );
  const manifest: Manifest = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8"));
  const module = await WebAssembly.compile(readFileSync(path.join(folder, "model.wasm")));
  report("ready");
  return new CompiledModel(module, manifest);
}

/** -O3 gave no more cycles per second than -O2 on an array of 448 MACs and on the whole accelerator, and compiles slower. */
function flags(spec: ModelSpec): string[] {
  return [...COMPILE_FLAGS, spec.optimize === "quick" ? QUICK : "-O2"];
}

function findClock(spec: ModelSpec, ports: readonly PortInfo[]): string | undefined {
  const name = spec.clock ?? "clk_i";
  const exists = ports.some((port) => port.name === name && port.direction === "in" && port.width === 1);
  if (!exists && spec.clock !== undefined) throw new Error(`${spec.top} has no 1-bit input ${name} to be its clock`);
  return exists ? name : undefined;
}

/**
 * The hot code is one unit with the shim, so that clang inlines across Verilator's files. Constructors and resets run
 * once: they are compiled in parallel without optimisation, and come last, for the linker keeps the first copy of an
 * inline function.
 */
async function compile(spec: ModelSpec, verilated: Verilated, clock: string | undefined, toolchain: Toolchain) {
  const files = { ...verilated.files, "shim.cpp": renderShim(verilated.ports, { clock, trace: spec.trace === true }) };
  const units = Object.keys(verilated.files).filter((name) => name.endsWith(".cpp"));
  if (spec.optimize === "quick") {
    const header = await toolchain.precompiledHeader();
    const inputs = { files: { ...files, ...header.files }, diskFiles: header.diskFiles };
    return [await compileUnit([...flags(spec), ...header.args], [...units, "shim.cpp"], toolchain, inputs)];
  }
  const isSlow = (name: string) => name.endsWith("Slow.cpp") || name === `${PREFIX}__Syms.cpp`;
  const fast = [...units.filter((name) => !isSlow(name)), "shim.cpp"];
  const slow = units.filter((name) => isSlow(name));
  const inputs = { files, diskFiles: {} };
  return Promise.all([
    compileUnit(flags(spec), fast, toolchain, inputs),
    compileUnit([...COMPILE_FLAGS, "-O0"], slow, toolchain, inputs),
  ]);
}

async function compileUnit(
  args: readonly string[],
  includes: readonly string[],
  toolchain: Toolchain,
  inputs: { files: Record<string, string>; diskFiles: Record<string, string> },
): Promise<Uint8Array> {
  const text = includes.map((name) => `#include "${name}"`).join("\n");
  const outputs = await runClang({
    args: [...args, "-c", "unit.cpp", "-o", "unit.o"],
    files: { ...inputs.files, "unit.cpp": text },
    diskFiles: inputs.diskFiles,
    diskFolders: { include: toolchain.verilator.includeFolder },
    outputs: ["unit.o"],
  });
  return outputs["unit.o"];
}

/** Verilator's runtime, built beside the first model of a Verilator version and cached from then on. */
async function sharedObjects(trace: boolean, toolchain: Toolchain): Promise<Record<string, string>> {
  const runtime = await toolchain.runtimeObject();
  return trace ? { "runtime.o": runtime, "trace.o": await toolchain.traceObject() } : { "runtime.o": runtime };
}

async function link(objects: readonly Uint8Array[], diskFiles: Record<string, string>): Promise<Uint8Array> {
  const files = Object.fromEntries(objects.map((object, index) => [`unit${index}.o`, object]));
  const outputs = await runClang({
    args: [
      ...["-mexec-model=reactor", "-Wl,--strip-all", "-Wl,--export=__stack_pointer"],
      ...[...Object.keys(files), ...Object.keys(diskFiles), "-o", "model.wasm"],
    ],
    files,
    diskFiles,
    outputs: ["model.wasm"],
  });
  return outputs["model.wasm"];
}
