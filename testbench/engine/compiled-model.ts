import type { Problem } from "../../models/errors.ts";
import type { Manifest } from "./build.ts";
import { Model, type TraceSink } from "./model.ts";
import type { PortInfo } from "./ports.ts";
import { WasiHost } from "./wasi-host.ts";

/** A compiled design, ready to be instantiated any number of times. */
export class CompiledModel {
  readonly top: string;
  readonly ports: readonly PortInfo[];
  /** Whether instances can write VCD. */
  readonly trace: boolean;
  /** What Verilator warned of when the model was built. */
  readonly warnings: readonly Problem[];
  readonly #module: WebAssembly.Module;

  constructor(module: WebAssembly.Module, manifest: Manifest) {
    this.#module = module;
    this.top = manifest.top;
    this.ports = manifest.ports;
    this.trace = manifest.trace;
    this.warnings = manifest.warnings;
  }

  /**
   * A new instance with its own state, evaluated once with all inputs zero, so `initial` blocks have run.
   * @param options.seed start values of registers in models built with `initial: 'random'`. Default 1
   */
  instantiate(options: { readonly seed?: number } = {}): Model {
    const host = new WasiHost();
    const trace: { sink: TraceSink | undefined } = { sink: undefined };
    let memory: WebAssembly.Memory | undefined;
    const writeTrace = (start: number, length: number) => {
      if (memory !== undefined) trace.sink?.(new Uint8Array(memory.buffer).slice(start, start + length));
    };
    const instance = new WebAssembly.Instance(this.#module, {
      wasi_snapshot_preview1: host.imports(),
      vargen: { trace_write: writeTrace },
    });
    const exports = instance.exports as { memory: WebAssembly.Memory; _initialize: () => void };
    memory = exports.memory;
    host.attach(memory);
    exports._initialize();
    return new Model(instance, this.ports, host, trace, options.seed ?? 1);
  }
}
