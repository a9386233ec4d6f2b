import { type RegisterName, registerOffset } from "../../hdl-gen/index.ts";
import type { Program } from "../../host/index.ts";
import { packInput, readableTensors, storedTensor, unpackTensor } from "../../host/index.ts";
import type { Activations } from "../../models/ir/network.ts";
import type { Fault, MemoryTiming } from "../axi/index.ts";
import { RandomSource } from "../axi/index.ts";
import type { CompiledModel } from "../engine/index.ts";
import { AcceleratorSimulator, type TraceWindow } from "../harness.ts";

/** How a run ended. */
export interface RunEnd {
  readonly outcome: "done" | "error";
  /** Error code, 0 for none. */
  readonly code: number;
  /** Index of the command that failed. */
  readonly command: number;
  readonly info: number;
  /** Clock cycles from start to the end, as the accelerator counted them. */
  readonly cycles: number;
}

/** Options of {@link CaseBench}. */
export interface BenchOptions {
  readonly timing: MemoryTiming;
  readonly registerStall: number;
  readonly seed: number;
  readonly trace?: TraceWindow;
}

/** Bytes on either side of the memory window that must never change. */
const GUARD = 4096;
/** The window lies high, so that all address bits matter. */
const WINDOW = 0x9a_8000_0000;
const STATUS_ERROR = 4;
const INTERRUPTS = 3;
const CONTROL_START = 1;
const CONTROL_ABORT = 2;

/** A simulated accelerator with one program in its memory window, guarded on both sides. */
export class CaseBench {
  readonly simulator: AcceleratorSimulator;
  readonly program: Program;
  /** Faults that strike; may be changed between runs. */
  readonly faults: Fault[] = [];
  readonly #windowBytes: number;
  readonly #seed: number;

  constructor(compiled: CompiledModel, program: Program, options: BenchOptions) {
    const { timing, registerStall, seed, trace } = options;
    this.program = program;
    this.#windowBytes = program.memoryBytes;
    this.#seed = seed;
    this.simulator = new AcceleratorSimulator(compiled, {
      base: WINDOW - GUARD,
      size: Math.ceil((program.memoryBytes + 2 * GUARD) / 64) * 64,
      timing,
      faults: this.faults,
      registerStall,
      seed,
      ...(trace === undefined ? {} : { trace }),
    });
  }

  /** Fills the whole memory with noise, then puts constants, commands and input in place. */
  load(input: Activations): void {
    const { bytes } = this.simulator.memory.storage;
    const random = new RandomSource(this.#seed);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
    for (const segment of this.program.segments) this.write(segment.offset, segment.bytes);
    this.setInput(input);
  }

  setInput(input: Activations): void {
    const { offset, bytes } = packInput(this.program, input);
    this.write(offset, bytes);
  }

  /** Writes into the window. */
  write(offset: number, bytes: Uint8Array): void {
    this.simulator.writeMemory(WINDOW + offset, bytes);
  }

  /** Copies out of the window. */
  read(offset: number, length: number): Uint8Array {
    return this.simulator.readMemory(WINDOW + offset, length);
  }

  reset(): void {
    this.simulator.reset();
  }

  /** Starts a run. @param timeout BUS_TIMEOUT in cycles, 0 for none */
  start(timeout = 0): void {
    this.#set("MEMORY_BASE_LOW", WINDOW % 2 ** 32);
    this.#set("MEMORY_BASE_HIGH", Math.floor(WINDOW / 2 ** 32));
    this.#set("MEMORY_SIZE", this.#windowBytes);
    this.#set("COMMAND_ADDRESS", this.program.commandOffset);
    this.#set("COMMAND_COUNT", this.program.commands.length);
    this.#set("BUS_TIMEOUT", timeout);
    this.#set("IRQ_STATUS", INTERRUPTS);
    this.#set("IRQ_ENABLE", INTERRUPTS);
    this.#set("CONTROL", CONTROL_START);
  }

  abort(): void {
    this.#set("CONTROL", CONTROL_ABORT);
  }

  /** Runs to the interrupt and reads how it ended. @throws WatchdogError after `maxCycles` */
  wait(maxCycles: number): RunEnd {
    this.simulator.runUntilInterrupt(maxCycles);
    const status = this.get("STATUS");
    const failed = (status & STATUS_ERROR) !== 0;
    this.#set("IRQ_STATUS", INTERRUPTS);
    return {
      outcome: failed ? "error" : "done",
      code: (status >> 8) & 255,
      command: this.get("ERROR_COMMAND"),
      info: this.get("ERROR_INFO"),
      cycles: this.get("CYCLES"),
    };
  }

  get(register: RegisterName): number {
    return this.simulator.readRegister(registerOffset(register));
  }

  /** Every tensor that the last run left in memory, by name, NCHW. */
  tensors(): Map<string, Activations> {
    return new Map(
      readableTensors(this.program).map((name) => {
        const { offset, bytes } = storedTensor(this.program, name).dram;
        return [name, unpackTensor(this.program, name, this.read(offset, bytes))];
      }),
    );
  }

  /** Hash of what a run must not change: the guards and, with `constants`, weights, parameters, tables, commands. */
  untouched(constants: boolean): string {
    const parts = [this.read(-GUARD, GUARD), this.read(this.#windowBytes, GUARD)];
    if (constants) for (const { offset, bytes } of this.program.segments) parts.push(this.read(offset, bytes.length));
    return Buffer.concat(parts).toString("latin1");
  }

  #set(register: RegisterName, value: number): void {
    this.simulator.writeRegister(registerOffset(register), value);
  }
}
