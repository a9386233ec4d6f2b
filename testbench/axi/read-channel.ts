import type { Heap } from "../engine/heap.ts";
import type { PortSource } from "../engine/index.ts";
import { BurstQueue } from "./burst-queue.ts";
import { type Fault, faultResponse, HANG, Response } from "./faults.ts";
import type { MemoryTiming } from "./memory-timing.ts";
import { RandomSource } from "./random-source.ts";
import type { MemoryStorage } from "./storage.ts";

/** The AR and R channels of the memory. */
export class ReadChannel {
  bursts = 0;
  beats = 0;
  bytes = 0;
  readonly #heap: Heap;
  readonly #at: Readonly<
    Record<"addr" | "len" | "size" | "arvalid" | "arready" | "data" | "resp" | "last" | "rvalid" | "rready", number>
  >;
  readonly #storage: MemoryStorage;
  readonly #timing: MemoryTiming;
  readonly #faults: readonly Fault[];
  readonly #queue = new BurstQueue();
  #random: RandomSource;
  /** What is driven now. */
  #ready = false;
  #valid = false;

  constructor(
    ports: PortSource,
    prefix: string,
    storage: MemoryStorage,
    timing: MemoryTiming,
    faults: readonly Fault[],
  ) {
    const at = (name: string) => ports.port(`${prefix}_${name}`).address;
    this.#heap = ports.port(`${prefix}_araddr_o`).heap;
    this.#at = {
      addr: at("araddr_o") >> 2,
      len: at("arlen_o"),
      size: at("arsize_o"),
      arvalid: at("arvalid_o"),
      arready: at("arready_i"),
      data: at("rdata_i") >> 2,
      resp: at("rresp_i"),
      last: at("rlast_i"),
      rvalid: at("rvalid_i"),
      rready: at("rready_o"),
    };
    this.#storage = storage;
    this.#timing = timing;
    this.#faults = faults;
    this.#random = new RandomSource(timing.seed);
  }

  get outstanding(): number {
    return this.#queue.length;
  }

  /** Forgets what is outstanding and restarts the random sequence and the counts; drives nothing valid or ready. */
  clear(): void {
    this.#queue.clear();
    this.#random = new RandomSource(this.#timing.seed);
    this.#ready = false;
    this.#valid = false;
    this.bursts = 0;
    this.beats = 0;
    this.bytes = 0;
    this.#heap.u8[this.#at.arready] = 0;
    this.#heap.u8[this.#at.rvalid] = 0;
  }

  /** Takes the transfers of the coming rising edge. */
  sample(cycle: number): void {
    const { u8 } = this.#heap;
    const at = this.#at;
    if (this.#valid && u8[at.rready] !== 0) {
      this.#valid = false;
      this.beats++;
      if (this.#queue.advance()) this.#queue.shift();
    }
    if (this.#ready && u8[at.arvalid] !== 0) this.#accept(cycle);
  }

  /** Drives the inputs that the master sees after the rising edge. */
  drive(cycle: number): void {
    const { stalls, maxBursts } = this.#timing;
    if (!this.#valid) {
      const queue = this.#queue;
      this.#valid = queue.length > 0 && cycle + 1 >= queue.ready && !this.#random.chance(stalls.r);
      if (this.#valid) this.#present();
      this.#heap.u8[this.#at.rvalid] = this.#valid ? 1 : 0;
    }
    this.#ready = this.#queue.length < maxBursts && !this.#random.chance(stalls.ar);
    this.#heap.u8[this.#at.arready] = this.#ready ? 1 : 0;
  }

  #accept(cycle: number): void {
    const { u8, u32 } = this.#heap;
    const address = u32[this.#at.addr] + u32[this.#at.addr + 1] * 2 ** 32;
    const beats = u8[this.#at.len] + 1;
    const step = 1 << u8[this.#at.size];
    const response = faultResponse(this.#faults, "read", this.bursts, address, beats * step);
    const { min, max } = this.#timing.readLatency;
    const latency = min === max ? min : min + this.#random.below(max - min + 1);
    this.#queue.push(address, beats, step, response, response === HANG ? Number.POSITIVE_INFINITY : cycle + latency);
    this.bursts++;
    this.bytes += beats * step;
  }

  /** Puts the next beat on the bus; failed beats carry zeros. */
  #present(): void {
    const queue = this.#queue;
    const { u8, u32 } = this.#heap;
    const { words, beatBytes, readCounts } = this.#storage;
    const offset = this.#storage.beatOffset(queue.address);
    const response = offset < 0 ? Response.decodeError : queue.response;
    const count = beatBytes >> 2;
    const to = this.#at.data;
    if (response === Response.okay) {
      const from = offset >> 2;
      for (let index = 0; index < count; index++) u32[to + index] = words[from + index];
      if (readCounts !== undefined) {
        const beat = offset / beatBytes;
        if (readCounts[beat] < 255) readCounts[beat]++;
      }
    } else {
      for (let index = 0; index < count; index++) u32[to + index] = 0;
    }
    u8[this.#at.resp] = response;
    u8[this.#at.last] = queue.beats === 1 ? 1 : 0;
  }
}
