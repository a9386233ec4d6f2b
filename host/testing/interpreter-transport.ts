import { decodeRegister, type HwConfig, type RegisterName, registers, resetValue } from "../../hdl-gen/index.ts";
import type { Transport } from "../driver/index.ts";
import { decodeCommands } from "../isa/index.ts";
import { interpret, MachineError } from "../reference-interpreter/index.ts";

/** An accelerator without RTL: the command interpreter behind the registers that the driver uses. */
export class InterpreterTransport implements Transport {
  readonly memory: Uint8Array;
  readonly registers = new Map<string, number>();
  readonly #config: HwConfig;

  constructor(config: HwConfig, memoryBytes: number) {
    this.#config = config;
    this.memory = new Uint8Array(memoryBytes);
    for (const register of registers) this.registers.set(register.name, resetValue(register, config));
  }

  readRegister(offset: number): number {
    return this.#get(this.#name(offset));
  }

  writeRegister(offset: number, value: number): void {
    const name = this.#name(offset);
    if (name === "CONTROL") {
      if (decodeRegister("CONTROL", value).start === 1) this.#run();
    } else if (name === "IRQ_STATUS") this.registers.set(name, this.#get(name) & ~value);
    else this.registers.set(name, value);
  }

  readMemory(address: number, length: number): Uint8Array {
    return this.memory.slice(address, address + length);
  }

  writeMemory(address: number, bytes: Uint8Array): void {
    this.memory.set(bytes, address);
  }

  waitForInterrupt(): void {
    if ((this.#get("IRQ_STATUS") & this.#get("IRQ_ENABLE")) === 0) throw new Error("no interrupt");
  }

  #run(): void {
    const base = this.#get("MEMORY_BASE_LOW") + this.#get("MEMORY_BASE_HIGH") * 2 ** 32;
    const window = this.memory.subarray(base, base + this.#get("MEMORY_SIZE"));
    const first = this.#get("COMMAND_ADDRESS");
    const commands = decodeCommands(window.slice(first, first + 64 * this.#get("COMMAND_COUNT")));
    try {
      interpret(this.#config, window, commands);
      this.#finish(0b010, 0b01);
    } catch (error) {
      if (!(error instanceof MachineError)) throw error;
      this.registers.set("ERROR_COMMAND", error.index);
      this.#finish(0b100 | (error.code << 8), 0b10);
    }
  }

  #finish(status: number, interrupt: number): void {
    this.registers.set("STATUS", status);
    this.registers.set("IRQ_STATUS", interrupt);
  }

  #get(name: RegisterName): number {
    return this.registers.get(name) ?? 0;
  }

  #name(offset: number): RegisterName {
    const register = registers.find((candidate) => candidate.offset === offset);
    if (register === undefined) throw new Error(`no register at ${offset}`);
    return register.name;
  }
}
