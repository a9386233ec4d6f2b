import {
  type CounterName,
  configHash,
  counterNames,
  decodeRegister,
  encodeRegister,
  type HwConfig,
  type RegisterName,
  registerOffset,
} from "../../hdl-gen/index.ts";
import { VargenError } from "../../models/errors.ts";
import type { Activations } from "../../models/ir/network.ts";
import { type Program, packInput, storedTensor, unpackTensor } from "../compiler/index.ts";
import { HardwareError } from "./hardware-error.ts";
import { checkIdentity } from "./identity.ts";
import type { Transport } from "./transport.ts";

/** Choices of {@link Driver}. */
export interface DriverOptions {
  /** Address of the memory window, a multiple of 4096 below 2^40. Default 0. */
  readonly memoryBase?: number;
  /** Cycles after which an unanswered bus request stops the run; 0 waits for ever. Default 100,000. */
  readonly busTimeout?: number;
}

/** Choices of {@link Driver.run}. */
export interface RunOptions {
  /** Clock cycles after which the run is given up. Default 1e9. */
  readonly limit?: number;
  readonly onProgress?: (cycles: number) => void;
}

/** The performance counters after a run, by name. */
export type Counters = Readonly<Record<CounterName, number>>;

/** Runs programs on an accelerator. */
export class Driver {
  readonly #transport: Transport;
  readonly #config: HwConfig;
  readonly #base: number;
  readonly #busTimeout: number;
  #program: Program | undefined;

  private constructor(transport: Transport, config: HwConfig, options: DriverOptions) {
    this.#transport = transport;
    this.#config = config;
    this.#base = options.memoryBase ?? 0;
    this.#busTimeout = options.busTimeout ?? 100_000;
  }

  /**
   * Opens an accelerator of a configuration.
   * @throws VargenError if it is none, or of another version or configuration
   */
  static async open(transport: Transport, config: HwConfig, options: DriverOptions = {}): Promise<Driver> {
    await checkIdentity(transport, config);
    return new Driver(transport, config, options);
  }

  /**
   * Writes a program's constants and commands to memory and points the registers at them.
   * @throws VargenError if it was compiled for another configuration
   */
  async load(program: Program): Promise<void> {
    if (configHash(program.config) !== configHash(this.#config)) {
      const message = `compiled for ${program.config.name}, the accelerator is ${this.#config.name}`;
      throw new VargenError([{ code: "driver/program", path: program.network.name, message }]);
    }
    for (const { offset, bytes } of program.segments) await this.#transport.writeMemory(this.#base + offset, bytes);
    await this.#write("COMMAND_ADDRESS", program.commandOffset);
    await this.#write("COMMAND_COUNT", program.commands.length);
    await this.#write("MEMORY_BASE_LOW", this.#base % 2 ** 32);
    await this.#write("MEMORY_BASE_HIGH", Math.floor(this.#base / 2 ** 32));
    await this.#write("MEMORY_SIZE", program.memoryBytes);
    await this.#write("BUS_TIMEOUT", this.#busTimeout);
    this.#program = program;
  }

  /**
   * Runs the loaded program on one input.
   *
   * @param input NCHW, of the network's input type
   * @returns the network's outputs by name, NCHW
   * @throws HardwareError if the accelerator stops with an error; VargenError for an input that does not fit
   */
  async run(input: Activations, options: RunOptions = {}): Promise<ReadonlyMap<string, Activations>> {
    const program = this.#loaded();
    await this.setInput(input);
    await this.start();
    await this.finish(options);
    const outputs = new Map<string, Activations>();
    for (const name of program.network.outputs) outputs.set(name, await this.readTensor(name));
    return outputs;
  }

  /** Writes the network's input to memory. @throws VargenError if it does not fit */
  async setInput(input: Activations): Promise<void> {
    const { offset, bytes } = packInput(this.#loaded(), input);
    await this.#transport.writeMemory(this.#base + offset, bytes);
  }

  /** Starts a run, with interrupts for its end. */
  async start(): Promise<void> {
    this.#loaded();
    await this.#write("IRQ_STATUS", encodeRegister("IRQ_STATUS", { done: 1, error: 1 }));
    await this.#write("IRQ_ENABLE", encodeRegister("IRQ_ENABLE", { done: 1, error: 1 }));
    await this.#write("CONTROL", encodeRegister("CONTROL", { start: 1 }));
  }

  /** Waits until the run ends. @throws HardwareError if the accelerator stops with an error */
  async finish({ limit = 1e9, onProgress }: RunOptions = {}): Promise<void> {
    const program = this.#loaded();
    await this.#transport.waitForInterrupt(limit, onProgress);
    const status = decodeRegister("STATUS", await this.#read("STATUS"));
    await this.#write("IRQ_STATUS", encodeRegister("IRQ_STATUS", { done: 1, error: 1 }));
    if (status.error === 0) return;
    const [command, info] = [await this.#read("ERROR_COMMAND"), await this.#read("ERROR_INFO")];
    throw new HardwareError({ code: status.error_code, command, info }, program);
  }

  /** Stops a run; `finish` then throws the error `ABORTED`. */
  async abort(): Promise<void> {
    await this.#write("CONTROL", encodeRegister("CONTROL", { abort: 1 }));
  }

  /** A tensor that the last run left in memory, NCHW. @throws VargenError if it leaves none there */
  async readTensor(name: string): Promise<Activations> {
    const program = this.#loaded();
    const { dram } = storedTensor(program, name);
    const bytes = await this.#transport.readMemory(this.#base + dram.offset, dram.bytes);
    return unpackTensor(program, name, bytes);
  }

  /** The performance counters of the last run. */
  async counters(): Promise<Counters> {
    const entries: [CounterName, number][] = [];
    for (const name of counterNames) entries.push([name, await this.#read(name)]);
    return Object.fromEntries(entries) as Counters;
  }

  #loaded(): Program {
    if (this.#program === undefined) throw new Error("no program is loaded");
    return this.#program;
  }

  async #read(name: RegisterName): Promise<number> {
    return this.#transport.readRegister(registerOffset(name));
  }

  async #write(name: RegisterName, value: number): Promise<void> {
    await this.#transport.writeRegister(registerOffset(name), value);
  }
}
