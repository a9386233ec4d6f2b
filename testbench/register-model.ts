import { encodeRegister, type Register, registerMask, registers } from "../hdl-gen/index.ts";
import type { RegisterBench } from "./registers-bench.ts";

/** Responses of the register port. */
export const OKAY = 0;
const SLVERR = 2;

/** What the registers of these names are built with. */
export const CONFIG_HASH = 0x9abcdef0;
export const CAPABILITY = 0x02070808;

/** Every register. */
export const map: readonly Register[] = registers;

type Failure = Exclude<Parameters<RegisterBench["finish"]>[0], undefined>;

/** What software may expect of the registers, written without looking at the Verilog. */
export class RegisterModel {
  readonly storage = new Map(map.filter(({ kind }) => kind === "storage").map(({ name }) => [name, 0]));
  status = { busy: 0, done: 0, error: 0, rejected: 0, error_code: 0 };
  interrupts = { done: 0, error: 0 };
  failure = { index: 0, info: 0 };
  starts = 0;
  aborts = 0;

  write(address: number, data: number, strobe: number): number {
    const register = map.find(({ offset }) => offset === address);
    if (register === undefined || register.access === "RO") return SLVERR;
    if (register.lockedWhileBusy === true && this.status.busy === 1) return SLVERR;
    const bytes = [0, 1, 2, 3].reduce((mask, i) => ((strobe >> i) & 1 ? mask + 255 * 256 ** i : mask), 0);
    const written = (data & bytes) >>> 0;
    if (register.kind === "control") this.#control(written & 1, (written >> 1) & 1);
    else if (register.kind === "interrupt") {
      this.interrupts.done &= ~written & 1;
      this.interrupts.error &= ~(written >> 1) & 1;
    } else {
      const merged = ((this.storage.get(register.name) ?? 0) & ~bytes) | written;
      this.storage.set(register.name, (merged & registerMask(register)) >>> 0);
    }
    return OKAY;
  }

  #control(start: number, abort: number): void {
    this.aborts += abort;
    if (start === 0) return;
    if (abort === 1 || this.status.busy === 1) this.status.rejected = 1;
    else {
      this.starts++;
      this.status = { busy: 1, done: 0, error: 0, rejected: 0, error_code: 0 };
      this.failure = { index: 0, info: 0 };
    }
  }

  finish(error: Failure | undefined): void {
    this.status.busy = 0;
    if (error === undefined) {
      this.status.done = 1;
      this.interrupts.done = 1;
    } else {
      this.status = { ...this.status, error: 1, error_code: error.code };
      this.failure = { index: error.command, info: error.info };
      this.interrupts.error = 1;
    }
  }

  read(address: number): { readonly data: number; readonly response: number } {
    const register = map.find(({ offset }) => offset === address);
    if (register === undefined) return { data: 0, response: SLVERR };
    return { data: this.#value(register), response: OKAY };
  }

  #value({ name, reset, kind }: Register): number {
    if (kind === "storage") return this.storage.get(name) ?? 0;
    if (name === "STATUS") return encodeRegister("STATUS", this.status);
    if (name === "IRQ_STATUS") return encodeRegister("IRQ_STATUS", this.interrupts);
    if (name === "ERROR_COMMAND") return this.failure.index;
    if (name === "ERROR_INFO") return this.failure.info;
    if (reset === "configuration") return name === "CONFIG_HASH" ? CONFIG_HASH : CAPABILITY;
    return reset;
  }
}
