import { runClang } from "./clang.ts";
import { renderShim } from "./shim.ts";
import type { ModelSpec } from "./spec.ts";
import { COMPILE_FLAGS, QUICK, type Toolchain } from "./toolchain.ts";
import type { Verilated } from "./verilate.ts";

const ONCE = "-O0";

/** Flags of every link; part of the cache key. */
export const LINK_FLAGS = ["-mexec-model=reactor", "-Wl,--strip-all", "-Wl,--export=__stack_pointer"] as const;

/**
 * Optimisation of a model's hot code. -O3 gave no more cycles per second than -O2, on an array of 448 MACs and on the
 * whole accelerator, and compiles slower. Traced builds are large, and run seldom and briefly.
 */
export function optimizationFlag(spec: ModelSpec): string {
  return spec.optimize === "quick" || spec.trace === true ? QUICK : "-O2";
}

/** One run of the compiler: files to be compiled as one, and how. */
interface Unit {
  readonly files: readonly string[];
  readonly optimization: string;
}

/**
 * Hot code is one unit with the shim, so that clang inlines across Verilator's files. Beside it, in parallel: what
 * writes VCD, which is large; or in fast builds what runs once (constructors, resets), without optimisation. Hot
 * code comes first, for the linker keeps the first copy of an inline function.
 */
function planUnits(spec: ModelSpec, files: readonly string[]): Unit[] {
  const optimization = optimizationFlag(spec);
  const isOther = (name: string) =>
    spec.trace === true ? name.includes("__Trace__") : /Slow\.cpp$|__Syms\.cpp$/.test(name);
  const whole = { files: [...files, "shim.cpp"], optimization };
  if (spec.trace !== true && spec.optimize === "quick") return [whole];
  return [
    { files: whole.files.filter((name) => !isOther(name)), optimization },
    { files: files.filter((name) => isOther(name)), optimization: spec.trace === true ? QUICK : ONCE },
  ];
}

/** Objects of one model and of the runtime that it needs, in linking order: contents, or paths of cached files. */
export interface ModelObjects {
  readonly own: readonly Uint8Array[];
  readonly shared: Readonly<Record<string, string>>;
}

/** Compiles Verilator's output for a model. @param clock name of the clock input, if it has one */
export async function compileModel(
  spec: ModelSpec,
  verilated: Verilated,
  clock: string | undefined,
  toolchain: Toolchain,
): Promise<ModelObjects> {
  const trace = spec.trace === true;
  const files = {
    ...verilated.files,
    "shim.cpp": renderShim(verilated.ports, { clock, trace, replay: spec.replay === true }),
  };
  const units = planUnits(
    spec,
    Object.keys(verilated.files).filter((name) => name.endsWith(".cpp")),
  );
  const [own, shared] = await Promise.all([
    Promise.all(units.map((unit) => compileUnit(unit, files, toolchain))),
    sharedObjects(trace, toolchain),
  ]);
  return { own, shared };
}

/** Verilator's runtime, built beside the first model of a Verilator version and cached from then on. */
async function sharedObjects(trace: boolean, toolchain: Toolchain): Promise<Record<string, string>> {
  const runtime = await toolchain.runtimeObject();
  return trace ? { "runtime.o": runtime, "trace.o": await toolchain.traceObject() } : { "runtime.o": runtime };
}

async function compileUnit(unit: Unit, files: Record<string, string>, toolchain: Toolchain): Promise<Uint8Array> {
  const none = { args: [], files: {}, diskFiles: {} };
  const header = unit.optimization === QUICK ? await toolchain.precompiledHeader() : none;
  const text = unit.files.map((name) => `#include "${name}"`).join("\n");
  const outputs = await runClang({
    args: [...COMPILE_FLAGS, unit.optimization, ...header.args, "-c", "unit.cpp", "-o", "unit.o"],
    files: { ...files, ...header.files, "unit.cpp": text },
    diskFiles: header.diskFiles,
    diskFolders: { include: toolchain.verilator.includeFolder },
    outputs: ["unit.o"],
  });
  return outputs["unit.o"];
}

/** Links a model to a WebAssembly module. */
export async function linkModel(objects: ModelObjects): Promise<Uint8Array> {
  const files = Object.fromEntries(objects.own.map((object, index) => [`unit${index}.o`, object]));
  const outputs = await runClang({
    args: [...LINK_FLAGS, ...Object.keys(files), ...Object.keys(objects.shared), "-o", "model.wasm"],
    files,
    diskFiles: objects.shared,
    outputs: ["model.wasm"],
  });
  return outputs["model.wasm"];
}
