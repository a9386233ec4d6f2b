import type { MemoryModel } from "../memory-model.ts";
import { BurstQueue } from "./burst-queue.ts";

/** Data beats that the memory takes before their address. */
const EARLY_BEATS = 32;

/** The read channels of the memory behind the bus, as `testbench/axi` has them: all it drives is registered. */
export class ReadMemory {
  readonly #memory: MemoryModel;
  readonly #queue = new BurstQueue();
  /** arready, rvalid. */
  ready = true;
  valid = false;

  constructor(memory: MemoryModel) {
    this.#memory = memory;
  }

  /** The next cycle in which it acts by itself. */
  get wake(): number {
    return this.#queue.length === 0 || this.valid ? Number.POSITIVE_INFINITY : this.#queue.tag - 1;
  }

  /** @param beats of the burst whose address is valid, 0 for none @param taken rready */
  clock(now: number, beats: number, taken: boolean): boolean {
    const queue = this.#queue;
    const beat = this.valid && taken;
    if (beat) {
      queue.takeBeat();
      this.valid = false;
    }
    const accepted = this.ready && beats > 0;
    if (accepted) queue.push(beats, now + this.#memory.readLatency);
    if (!this.valid) this.valid = queue.length > 0 && now + 1 >= queue.tag;
    this.ready = queue.length < this.#memory.maxBursts;
    return beat || accepted || this.valid;
  }
}

/** The write channels. */
export class WriteMemory {
  readonly #memory: MemoryModel;
  /** Bursts whose data are to come, and finished ones whose response is. */
  readonly #queue = new BurstQueue();
  readonly #responses = new BurstQueue();
  #early = 0;
  /** awready, wready, bvalid. */
  addressReady = true;
  dataReady = true;
  responding = false;

  constructor(memory: MemoryModel) {
    this.#memory = memory;
  }

  /** The next cycle in which it acts by itself. */
  get wake(): number {
    return this.#responses.length === 0 ? Number.POSITIVE_INFINITY : this.#responses.tag - 1;
  }

  /** @param beats of the burst whose address is valid, 0 for none @param data wvalid; bready is always set */
  clock(now: number, beats: number, data: boolean): boolean {
    const queue = this.#queue;
    const responses = this.#responses;
    const responded = this.responding;
    if (responded) responses.takeBeat();
    const accepted = this.addressReady && beats > 0;
    if (accepted) queue.push(beats, 0);
    const beat = this.dataReady && data;
    if (beat) this.#early++;
    while (this.#early > 0 && queue.length > 0) {
      this.#early--;
      if (queue.takeBeat()) responses.push(1, now + this.#memory.writeLatency);
    }
    this.responding = responses.length > 0 && now + 1 >= responses.tag;
    this.addressReady = queue.length + responses.length < this.#memory.maxBursts;
    this.dataReady = this.#early < EARLY_BEATS;
    return responded || accepted || beat || this.responding;
  }
}
