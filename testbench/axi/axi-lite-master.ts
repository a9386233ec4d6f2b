import type { Port, PortSource } from "../engine/index.ts";
import { RandomSource } from "./random-source.ts";

/** Options of {@link AxiLiteMaster}. */
export interface AxiLiteMasterOptions {
  /** Prefix of the slave's port names. Default `s_axil`. */
  readonly prefix?: string;
  /** Probability per cycle, 0..0.95, of holding back each valid and each ready. Default 0. */
  readonly stall?: number;
  /** Seed of the stalls. Default 1. */
  readonly seed?: number;
}

/** Outcome of a register access. */
export interface LiteResult {
  /** Data read, unsigned 32 bits; 0 for a write. */
  readonly data: number;
  /** AXI response code: 0 okay, 2 slave error, 3 decode error. */
  readonly response: number;
}

/** A valid/ready pair on which the master sends. */
class Sender {
  readonly #valid: Port;
  readonly #ready: Port;
  /** The transfer has been asked for and not yet happened. */
  pending = false;

  constructor(ports: PortSource, channel: string) {
    this.#valid = ports.port(`${channel}valid_i`);
    this.#ready = ports.port(`${channel}ready_o`);
  }

  sample(): void {
    if (this.#valid.get() !== 0 && this.#ready.get() !== 0) this.pending = false;
  }

  /** Raises valid unless stalled; once raised it stays until the transfer. */
  drive(stalled: boolean): void {
    if (!this.pending) this.#valid.set(0);
    else if (!stalled) this.#valid.set(1);
  }
}

/** A valid/ready pair on which the master receives a response. */
class Receiver {
  readonly #valid: Port;
  readonly #ready: Port;
  readonly #response: Port;
  readonly #data: Port | undefined;
  pending = false;
  result: LiteResult = { data: 0, response: 0 };

  constructor(ports: PortSource, channel: string, data: Port | undefined) {
    this.#valid = ports.port(`${channel}valid_o`);
    this.#ready = ports.port(`${channel}ready_i`);
    this.#response = ports.port(`${channel}resp_o`);
    this.#data = data;
  }

  sample(): void {
    if (!this.pending || this.#valid.get() === 0 || this.#ready.get() === 0) return;
    this.pending = false;
    this.result = { data: this.#data?.get() ?? 0, response: this.#response.get() };
  }

  drive(stalled: boolean): void {
    this.#ready.set(this.pending && !stalled ? 1 : 0);
  }
}

/**
 * An AXI4-Lite master for a design's register port: one read and one write in flight at most.
 * Registered, with the timing of `AxiMemory`: `sample` before the rising edge, `drive` after it.
 */
export class AxiLiteMaster {
  readonly #writeAddress: Sender;
  readonly #writeData: Sender;
  readonly #writeResponse: Receiver;
  readonly #readAddress: Sender;
  readonly #readData: Receiver;
  readonly #awaddr: Port;
  readonly #wdata: Port;
  readonly #wstrb: Port;
  readonly #araddr: Port;
  readonly #stall: number;
  readonly #random: RandomSource;
  /** Signals may still have to return to their idle level. */
  #active = true;

  constructor(ports: PortSource, options: AxiLiteMasterOptions = {}) {
    const { prefix = "s_axil", stall = 0, seed = 1 } = options;
    this.#writeAddress = new Sender(ports, `${prefix}_aw`);
    this.#writeData = new Sender(ports, `${prefix}_w`);
    this.#writeResponse = new Receiver(ports, `${prefix}_b`, undefined);
    this.#readAddress = new Sender(ports, `${prefix}_ar`);
    this.#readData = new Receiver(ports, `${prefix}_r`, ports.port(`${prefix}_rdata_o`));
    this.#awaddr = ports.port(`${prefix}_awaddr_i`);
    this.#wdata = ports.port(`${prefix}_wdata_i`);
    this.#wstrb = ports.port(`${prefix}_wstrb_i`);
    this.#araddr = ports.port(`${prefix}_araddr_i`);
    this.#stall = stall;
    this.#random = new RandomSource(seed);
  }

  /** Whether an access is in flight. */
  get busy(): boolean {
    return this.#writeResponse.pending || this.#readData.pending;
  }

  /** Response of the last write, valid when not busy. */
  get writeResult(): LiteResult {
    return this.#writeResponse.result;
  }

  /** Data and response of the last read, valid when not busy. */
  get readResult(): LiteResult {
    return this.#readData.result;
  }

  /**
   * Starts a write; its valids rise after the next edge.
   * @param address byte address, multiple of 4
   * @param data 32 bits
   */
  beginWrite(address: number, data: number): void {
    if (this.#writeResponse.pending) throw new Error("a write is already in flight");
    this.#awaddr.set(address);
    this.#wdata.set(data);
    this.#wstrb.set(0xf);
    this.#writeAddress.pending = true;
    this.#writeData.pending = true;
    this.#writeResponse.pending = true;
    this.#active = true;
  }

  /** Starts a read. @param address byte address, multiple of 4 */
  beginRead(address: number): void {
    if (this.#readData.pending) throw new Error("a read is already in flight");
    this.#araddr.set(address);
    this.#readAddress.pending = true;
    this.#readData.pending = true;
    this.#active = true;
  }

  /** To be called with settled signals before each rising edge. */
  sample(): void {
    if (!this.#active) return;
    this.#writeAddress.sample();
    this.#writeData.sample();
    this.#writeResponse.sample();
    this.#readAddress.sample();
    this.#readData.sample();
  }

  /** To be called after each rising edge, before the signals settle. */
  drive(): void {
    if (!this.#active) return;
    this.#writeAddress.drive(this.#stalled());
    this.#writeData.drive(this.#stalled());
    this.#writeResponse.drive(this.#stalled());
    this.#readAddress.drive(this.#stalled());
    this.#readData.drive(this.#stalled());
    this.#active = this.busy;
  }

  /** Gives up what is in flight, as a bus reset does. */
  clear(): void {
    for (const channel of [this.#writeAddress, this.#writeData, this.#readAddress]) channel.pending = false;
    this.#writeResponse.pending = false;
    this.#readData.pending = false;
    this.#active = true;
    this.drive();
  }

  #stalled(): boolean {
    return this.#random.chance(this.#stall);
  }
}
