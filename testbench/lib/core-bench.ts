import { fileURLToPath } from "node:url";
import { type CounterName, counterNames } from "../../hdl-gen/registers/counters.ts";
import { COMMAND_BYTES, type Command, encodeCommands } from "../../host/isa/index.ts";
import { AxiMemory } from "../axi/axi-memory.ts";
import type { Fault } from "../axi/faults.ts";
import type { MemoryTiming } from "../axi/memory-timing.ts";
import type { CompiledModel, Model, Port } from "../engine/index.ts";
import { buildModule, RTL_LIBRARY } from "../module-bench.ts";
import { AxiMonitor, formatViolation } from "../monitors/index.ts";
import type { DmaShape } from "./dma-model.ts";

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));

const READ_OUTSTANDING = 4;

/** Bus address of the memory window in these tests: more than 32 bits. */
export const MEMORY_BASE = 0x12_3456_7000;

/** vg_core with `fixtures/vg_compute.v` in the place of the compute engine. */
export function buildCore(shape: DmaShape, more: Readonly<Record<string, number>> = {}): Promise<CompiledModel> {
  return buildModule("vg_core", { ...shape, READ_OUTSTANDING, ...more }, { libraries: [FIXTURES, RTL_LIBRARY] });
}

/** How a run ended. */
export interface CoreResult {
  readonly outcome: "done" | "error" | "hang";
  readonly code: number;
  readonly command: number;
  readonly info: number;
  readonly counters: Readonly<Record<CounterName, number>>;
  /** Cycles from the start pulse to the end. */
  readonly cycles: number;
}

/** Settings of a run. */
export interface CoreStart {
  /** Byte offset of the command stream. */
  readonly commandAddress: number;
  readonly commandCount: number;
  /** Bytes; default the whole memory. */
  readonly memorySize?: number;
  /** Cycles; default 0. */
  readonly busTimeout?: number;
}

/** vg_core and its memory. */
export class CoreBench {
  readonly dut: Model;
  readonly memory: AxiMemory;
  readonly #monitor: AxiMonitor;
  readonly #done: Port;
  readonly #error: Port;

  constructor(
    compiled: CompiledModel,
    seed: number,
    size: number,
    timing: MemoryTiming,
    faults: readonly Fault[] = [],
    maxReads = READ_OUTSTANDING,
  ) {
    this.dut = compiled.instantiate({ seed });
    this.memory = new AxiMemory(this.dut, { size, base: MEMORY_BASE, timing, faults });
    this.#monitor = new AxiMonitor(this.dut, { maxReads });
    this.#done = this.dut.port("done_o");
    this.#error = this.dut.port("error_o");
    this.reset();
  }

  /** Resets core and bus. */
  reset(): void {
    this.dut.port("rst_ni").set(0);
    this.memory.clear();
    this.dut.eval();
    for (let cycle = 0; cycle < 2; cycle++) {
      this.#monitor.sample(this.dut.cycle);
      this.dut.tick();
    }
    this.dut.port("rst_ni").set(1);
    this.dut.eval();
  }

  cycle(): void {
    this.#monitor.sample(this.dut.cycle);
    this.memory.sample(this.dut.cycle);
    this.dut.rise();
    this.memory.drive(this.dut.cycle);
    this.dut.fall();
    this.dut.cycle++;
  }

  /** Gives the start pulse. */
  start({
    commandAddress,
    commandCount,
    memorySize = this.memory.storage.bytes.length,
    busTimeout = 0,
  }: CoreStart): void {
    this.dut.port("command_address_i").set(commandAddress);
    this.dut.port("command_count_i").set(commandCount);
    this.dut.port("memory_base_i").set(MEMORY_BASE);
    this.dut.port("memory_size_i").set(memorySize);
    this.dut.port("bus_timeout_i").set(busTimeout);
    this.pulse("start_i");
  }

  pulse(name: string): void {
    this.dut.port(name).set(1);
    this.dut.eval();
    this.cycle();
    this.dut.port(name).set(0);
    this.dut.eval();
  }

  /** Runs until done or error, at most `limit` cycles. */
  finish(limit = 200_000): CoreResult {
    const begin = this.dut.cycle;
    while (this.#done.get() === 0 && this.#error.get() === 0 && this.dut.cycle - begin < limit) this.cycle();
    const get = (name: string) => this.dut.port(name).get();
    const counters = counterNames.map((name) => [name, get(`cnt_${name.toLowerCase()}_o`)]);
    return {
      outcome: get("done_o") === 1 ? "done" : get("error_o") === 1 ? "error" : "hang",
      code: get("error_code_o"),
      command: get("error_command_o"),
      info: get("error_info_o"),
      // One entry for each name.
      counters: Object.fromEntries(counters) as Record<CounterName, number>,
      cycles: this.dut.cycle - begin,
    };
  }

  /** Puts a command stream into memory, starts and waits. */
  run(
    commands: readonly Command[] | Uint8Array,
    commandAddress: number,
    settings: Partial<CoreStart> = {},
  ): CoreResult {
    const bytes = commands instanceof Uint8Array ? commands : encodeCommands(commands);
    this.memory.storage.bytes.set(bytes, commandAddress);
    this.start({ commandAddress, commandCount: bytes.length / COMMAND_BYTES, ...settings });
    return this.finish();
  }

  /** What broke the bus protocol, or was written outside of the on-chip memories. */
  get violations(): readonly string[] {
    const printed = this.dut.output === "" ? [] : [this.dut.output];
    return [...this.#monitor.log.violations.map(formatViolation), ...printed];
  }
}
