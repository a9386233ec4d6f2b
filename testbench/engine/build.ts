import { readFileSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../models/errors.ts";
import { cached, cacheFolder, contentKey } from "./cache.ts";
import { compileModel, LINK_FLAGS, linkModel, optimizationFlag } from "./compile.ts";
import { CompiledModel } from "./compiled-model.ts";
import type { PortInfo } from "./ports.ts";
import { renderShim } from "./shim.ts";
import type { ModelSpec } from "./spec.ts";
import { openToolchain } from "./toolchain.ts";
import { verilate, verilatorArguments } from "./verilate.ts";

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
  const shim = renderShim([], { clock: "clk", trace: spec.trace === true, replay: spec.replay === true });
  const key = contentKey([
    toolchain.version,
    verilatorArguments(spec),
    [optimizationFlag(spec), ...LINK_FLAGS],
    spec.clock,
    shim,
    spec.sources,
  ]);
  const folder = await cached(
    root,
    `model-${spec.top}-${key}`,
    async () => {
      report("verilate");
      const verilated = await verilate(spec);
      const clock = findClock(spec, verilated.ports);
      report("compile");
      const objects = await compileModel(spec, verilated, clock, toolchain);
      report("link");
      const wasm = await linkModel(objects);
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

function findClock(spec: ModelSpec, ports: readonly PortInfo[]): string | undefined {
  const name = spec.clock ?? "clk_i";
  const exists = ports.some((port) => port.name === name && port.direction === "in" && port.width === 1);
  if (!exists && spec.clock !== undefined) throw new Error(`${spec.top} has no 1-bit input ${name} to be its clock`);
  return exists ? name : undefined;
}
