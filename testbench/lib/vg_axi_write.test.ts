import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../axi/faults.ts";
import { randomTiming } from "../axi/memory-timing.ts";
import { RandomSource } from "../axi/random-source.ts";
import { MemoryStorage } from "../axi/storage.ts";
import { WriteChannel } from "../axi/write-channel.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

const SIZE = 1 << 14;
const BASE = 0x80_0000_0000;
const BEAT = 8;

interface Request {
  readonly beat: number;
  readonly beats: number;
}

class WriteBench extends Clocked {
  readonly storage = new MemoryStorage(SIZE, BASE, BEAT, false);
  readonly channel: WriteChannel;
  readonly expected = new Uint8Array(SIZE);
  readonly requests: readonly Request[];
  asked = 0;
  done = 0;
  errors = 0;
  readonly #random: RandomSource;
  /** Byte offsets of the beats granted and not yet given. */
  readonly #owed: number[] = [];
  #word = 0n;
  #strobe = 0;
  #offered = false;

  constructor(compiled: CompiledModel, seed: number, requests: readonly Request[], faults: readonly Fault[] = []) {
    super(compiled, seed);
    this.requests = requests;
    this.channel = new WriteChannel(this.dut, "m_axi", this.storage, randomTiming(seed), faults);
    this.#random = new RandomSource(seed);
    this.set("memory_base_i", BASE);
    this.set("memory_size_i", SIZE);
  }

  /** One cycle: the next request, and a beat of what was granted, now and then. */
  serve(): void {
    const request = this.requests[this.asked];
    this.set("req_valid_i", request !== undefined);
    this.set("req_offset_i", (request?.beat ?? 0) * BEAT);
    this.set("req_beats_i", request?.beats ?? 1);
    if (!this.#offered && this.#owed.length > 0 && this.#random.below(3) > 0) {
      this.#offered = true;
      this.#word = (BigInt(this.#random.below(2 ** 31)) << 32n) | BigInt(this.#random.below(2 ** 31));
      this.#strobe = this.#random.below(256);
    }
    this.set("data_valid_i", this.#offered);
    this.set("data_i", this.#word);
    this.set("strobe_i", this.#strobe);
    this.settle();
    if (this.#offered && this.get("data_ready_o") === 1) {
      this.#offered = false;
      const offset = this.#owed.shift() ?? 0;
      for (let byte = 0; byte < BEAT; byte++) {
        if (((this.#strobe >> byte) & 1) === 1) {
          this.expected[offset + byte] = Number((this.#word >> BigInt(8 * byte)) & 255n);
        }
      }
    }
    if (request !== undefined && this.get("req_ready_o") === 1) {
      this.asked++;
      for (let beat = 0; beat < request.beats; beat++) this.#owed.push((request.beat + beat) * BEAT);
    }
    this.done += this.get("done_o");
    this.errors += this.get("error_o");
    this.channel.sample(this.dut.cycle);
    this.dut.rise();
    this.channel.drive(this.dut.cycle++);
    this.dut.fall();
  }
}

describe("vg_axi_write", () => {
  let write: CompiledModel;
  beforeAll(async () => {
    write = await buildModule("vg_axi_write", { AXI_BITS: 64, WRITE_BURST: 4 });
  });
  const request = fc.record({ beat: fc.nat(SIZE / BEAT - 40), beats: fc.integer({ min: 1, max: 40 }) });
  const requests = fc.array(request, { minLength: 1, maxLength: 6 });

  it("writes every beat where it belongs and reports each request once", () => {
    fc.assert(
      fc.property(requests, fc.nat(), (list, seed) => {
        const bench = new WriteBench(write, seed, list);
        for (let cycle = 0; cycle < 20_000 && bench.done < list.length; cycle++) bench.serve();
        expect(bench.done).toBe(list.length);
        expect(Buffer.compare(bench.storage.bytes, bench.expected)).toBe(0);
        for (let cycle = 0; cycle < 5; cycle++) bench.serve();
        expect([bench.done, bench.errors, bench.get("idle_o")]).toEqual([list.length, 0, 1]);
      }),
      { seed: 1 },
    );
  });

  it("reports a failed burst instead", () => {
    const faults: Fault[] = [{ direction: "write", at: { burst: 2 }, effect: "slaveError" }];
    const bench = new WriteBench(
      write,
      3,
      [
        { beat: 0, beats: 4 },
        { beat: 8, beats: 8 },
      ],
      faults,
    );
    for (let cycle = 0; cycle < 2000; cycle++) bench.serve();
    expect([bench.done, bench.errors]).toEqual([1, 1]);
  });

  it("when halted, finishes what is announced without writing", () => {
    fc.assert(
      fc.property(requests, fc.nat(200), fc.nat(), (list, at, seed) => {
        const bench = new WriteBench(write, seed, list);
        for (let cycle = 0; cycle < at; cycle++) bench.serve();
        bench.set("halt_i", 1);
        for (let cycle = 0; cycle < 5000 && bench.get("idle_o") === 0; cycle++) bench.serve();
        expect(bench.get("idle_o")).toBe(1);
        expect(bench.channel.outstanding).toBe(0);
        expect(Buffer.compare(bench.storage.bytes, bench.expected)).toBe(0);
      }),
      { seed: 2 },
    );
  });
});
