import type { Heap } from "../engine/heap.ts";
import type { PortSource } from "../engine/index.ts";
import { BurstQueue } from "./burst-queue.ts";
import { type Fault, faultResponse, HANG, Response } from "./faults.ts";
import type { MemoryTiming } from "./memory-timing.ts";
import { RandomSource } from "./random-source.ts";
import type { MemoryStorage } from "./storage.ts";

/** Data beats taken before their address. */
const EARLY_BEATS = 32;

/** The AW, W and B channels of the memory. Data may come before their address, up to {@link EARLY_BEATS} beats. */
export class WriteChannel {
  bursts = 0;
  beats = 0;
  /** Bytes whose strobe was set. */
  bytes = 0;
  readonly #heap: Heap;
  readonly #at: Readonly<
    Record<
      | "addr"
      | "len"
      | "size"
      | "awvalid"
      | "awready"
      | "data"
      | "strobe"
      | "wvalid"
      | "wready"
      | "resp"
      | "bvalid"
      | "bready",
      number
    >
  >;
  readonly #storage: MemoryStorage;
  readonly #timing: MemoryTiming;
  readonly #faults: readonly Fault[];
  /** Bursts whose data are to come. */
  readonly #queue = new BurstQueue();
  /** Finished bursts whose response is to come. */
  readonly #responses = new BurstQueue();
  readonly #earlyData: Uint8Array;
  readonly #earlyStrobes = new Uint8Array(EARLY_BEATS * 8);
  #earlyHead = 0;
  #earlyLength = 0;
  #random: RandomSource;
  #awready = false;
  #wready = false;
  #bvalid = false;

  constructor(
    ports: PortSource,
    prefix: string,
    storage: MemoryStorage,
    timing: MemoryTiming,
    faults: readonly Fault[],
  ) {
    const at = (name: string) => ports.port(`${prefix}_${name}`).address;
    this.#heap = ports.port(`${prefix}_awaddr_o`).heap;
    this.#at = {
      addr: at("awaddr_o") >> 2,
      len: at("awlen_o"),
      size: at("awsize_o"),
      awvalid: at("awvalid_o"),
      awready: at("awready_i"),
      data: at("wdata_o"),
      strobe: at("wstrb_o"),
      wvalid: at("wvalid_o"),
      wready: at("wready_i"),
      resp: at("bresp_i"),
      bvalid: at("bvalid_i"),
      bready: at("bready_o"),
    };
    this.#storage = storage;
    this.#timing = timing;
    this.#faults = faults;
    this.#earlyData = new Uint8Array(EARLY_BEATS * storage.beatBytes);
    this.#random = new RandomSource(timing.seed + 1);
  }

  get outstanding(): number {
    return this.#queue.length + this.#responses.length;
  }

  /** Forgets what is outstanding and restarts the random sequence and the counts; drives nothing valid or ready. */
  clear(): void {
    this.#queue.clear();
    this.#responses.clear();
    this.#earlyLength = 0;
    this.#random = new RandomSource(this.#timing.seed + 1);
    this.#awready = false;
    this.#wready = false;
    this.#bvalid = false;
    this.bursts = 0;
    this.beats = 0;
    this.bytes = 0;
    const { u8 } = this.#heap;
    u8[this.#at.awready] = 0;
    u8[this.#at.wready] = 0;
    u8[this.#at.bvalid] = 0;
  }

  /** Takes the transfers of the coming rising edge. */
  sample(cycle: number): void {
    const { u8 } = this.#heap;
    const at = this.#at;
    if (this.#bvalid && u8[at.bready] !== 0) {
      this.#bvalid = false;
      this.#responses.shift();
    }
    if (this.#awready && u8[at.awvalid] !== 0) this.#accept();
    if (this.#wready && u8[at.wvalid] !== 0) {
      if (this.#earlyLength === 0 && this.#queue.length > 0) this.#commit(u8, at.data, u8, at.strobe, cycle);
      else this.#keep();
    }
    while (this.#earlyLength > 0 && this.#queue.length > 0) {
      const slot = this.#earlyHead;
      this.#earlyHead = (slot + 1) % EARLY_BEATS;
      this.#earlyLength--;
      this.#commit(this.#earlyData, slot * this.#storage.beatBytes, this.#earlyStrobes, slot * 8, cycle);
    }
  }

  /** Drives the inputs that the master sees after the rising edge. */
  drive(cycle: number): void {
    const { u8 } = this.#heap;
    const { stalls, maxBursts } = this.#timing;
    if (!this.#bvalid) {
      const responses = this.#responses;
      this.#bvalid = responses.length > 0 && cycle + 1 >= responses.ready && !this.#random.chance(stalls.b);
      if (this.#bvalid) u8[this.#at.resp] = responses.response;
      u8[this.#at.bvalid] = this.#bvalid ? 1 : 0;
    }
    this.#awready = this.#queue.length + this.#responses.length < maxBursts && !this.#random.chance(stalls.aw);
    u8[this.#at.awready] = this.#awready ? 1 : 0;
    this.#wready = this.#earlyLength < EARLY_BEATS && !this.#random.chance(stalls.w);
    u8[this.#at.wready] = this.#wready ? 1 : 0;
  }

  #accept(): void {
    const { u8, u32 } = this.#heap;
    const address = u32[this.#at.addr] + u32[this.#at.addr + 1] * 2 ** 32;
    const beats = u8[this.#at.len] + 1;
    const step = 1 << u8[this.#at.size];
    const last = address + beats * step - 1;
    const outside = this.#storage.beatOffset(address) < 0 || this.#storage.beatOffset(last) < 0;
    const fault = faultResponse(this.#faults, "write", this.bursts, address, beats * step);
    this.#queue.push(address, beats, step, fault === Response.okay && outside ? Response.decodeError : fault, 0);
    this.bursts++;
  }

  /** Puts a data beat aside until its address comes. */
  #keep(): void {
    const { u8 } = this.#heap;
    const { beatBytes } = this.#storage;
    const slot = (this.#earlyHead + this.#earlyLength++) % EARLY_BEATS;
    this.#earlyData.set(u8.subarray(this.#at.data, this.#at.data + beatBytes), slot * beatBytes);
    this.#earlyStrobes.set(u8.subarray(this.#at.strobe, this.#at.strobe + Math.ceil(beatBytes / 8)), slot * 8);
  }

  /** Stores a data beat of the first burst; a burst that will be answered with an error stores nothing. */
  #commit(data: Uint8Array, from: number, strobes: Uint8Array, strobeAt: number, cycle: number): void {
    const queue = this.#queue;
    const { bytes, beatBytes } = this.#storage;
    const { response } = queue;
    this.beats++;
    if (response === Response.okay) {
      const to = this.#storage.beatOffset(queue.address);
      for (let index = 0; index < beatBytes; index++) {
        if ((strobes[strobeAt + (index >> 3)] & (1 << (index & 7))) === 0) continue;
        bytes[to + index] = data[from + index];
        this.bytes++;
      }
    }
    if (!queue.advance()) return;
    queue.shift();
    const { min, max } = this.#timing.writeLatency;
    const latency = min === max ? min : min + this.#random.below(max - min + 1);
    this.#responses.push(0, 1, 1, response, response === HANG ? Number.POSITIVE_INFINITY : cycle + latency);
  }
}
