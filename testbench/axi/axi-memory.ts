import type { PortSource } from "../engine/index.ts";
import type { Fault } from "./faults.ts";
import { idealTiming, type MemoryTiming } from "./memory-timing.ts";
import { ReadChannel } from "./read-channel.ts";
import { MemoryStorage } from "./storage.ts";
import { WriteChannel } from "./write-channel.ts";

/** Options of {@link AxiMemory}. */
export interface AxiMemoryOptions {
  /** Bytes, a multiple of the data bus width. Default 64 MiB. */
  readonly size?: number;
  /** Bus address of the first byte. Default 0. */
  readonly base?: number;
  /** Default {@link idealTiming}. */
  readonly timing?: MemoryTiming;
  /** Errors to inject, looked up at every burst: the array may change between runs. Default none. */
  readonly faults?: readonly Fault[];
  /** Count the reads of every beat, see `storage.readCountRange`. Default false. */
  readonly countReads?: boolean;
  /** Prefix of the master's port names. Default `m_axi`. */
  readonly prefix?: string;
}

/** Transfers since the memory was made or cleared. */
export interface AxiTraffic {
  readonly readBursts: number;
  readonly readBeats: number;
  /** Bytes asked for: beats times the burst's beat size. */
  readonly readBytes: number;
  readonly writeBursts: number;
  readonly writeBeats: number;
  /** Bytes stored: those with their strobe set, in bursts without error. */
  readonly writeBytes: number;
}

/**
 * An AXI4 slave memory for a design's master port: INCR bursts of any beat size, responses in order.
 *
 * Timing: all it drives is registered. `sample(cycle)` before the rising edge reads the settled signals and takes what
 * is valid and ready; `drive(cycle)` after the edge sets the next values. Accesses outside are answered with DECERR.
 * Data bus width and names follow from the ports.
 */
export class AxiMemory {
  readonly storage: MemoryStorage;
  readonly #read: ReadChannel;
  readonly #write: WriteChannel;

  constructor(ports: PortSource, options: AxiMemoryOptions = {}) {
    const {
      size = 64 << 20,
      base = 0,
      timing = idealTiming,
      faults = [],
      countReads = false,
      prefix = "m_axi",
    } = options;
    const addressWidth = ports.port(`${prefix}_araddr_o`).width;
    if (addressWidth <= 32 || addressWidth > 53)
      throw new RangeError(`${prefix}: ${addressWidth}-bit addresses, not 33..53`);
    const beatBytes = ports.port(`${prefix}_rdata_i`).width / 8;
    this.storage = new MemoryStorage(size, base, beatBytes, countReads);
    this.#read = new ReadChannel(ports, prefix, this.storage, timing, faults);
    this.#write = new WriteChannel(ports, prefix, this.storage, timing, faults);
  }

  /** To be called with settled signals before each rising edge. */
  sample(cycle: number): void {
    this.#read.sample(cycle);
    this.#write.sample(cycle);
  }

  /** To be called after each rising edge, before the signals settle. */
  drive(cycle: number): void {
    this.#read.drive(cycle);
    this.#write.drive(cycle);
  }

  /** Drops outstanding bursts, as a bus reset does; contents stay, counts and random sequences restart. */
  clear(): void {
    this.#read.clear();
    this.#write.clear();
    this.storage.readCounts?.fill(0);
  }

  /** Bursts accepted and not finished. */
  get outstanding(): { reads: number; writes: number } {
    return { reads: this.#read.outstanding, writes: this.#write.outstanding };
  }

  get traffic(): AxiTraffic {
    return {
      readBursts: this.#read.bursts,
      readBeats: this.#read.beats,
      readBytes: this.#read.bytes,
      writeBursts: this.#write.bursts,
      writeBeats: this.#write.beats,
      writeBytes: this.#write.bytes,
    };
  }
}
