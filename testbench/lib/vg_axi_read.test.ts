import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../axi/faults.ts";
import { randomTiming } from "../axi/memory-timing.ts";
import { RandomSource } from "../axi/random-source.ts";
import { ReadChannel } from "../axi/read-channel.ts";
import { MemoryStorage } from "../axi/storage.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { randomBytes } from "./dma-commands.ts";

const SIZE = 1 << 16;
const BASE = 0x80_0000_0000;
const BEAT = 8;
const OUTSTANDING = 3;

interface Request {
  readonly beat: number;
  readonly beats: number;
}

/** One client: its requests, and what it got. */
class Client {
  asked = 0;
  readonly words: bigint[] = [];
  errors = 0;
  readonly name: string;
  readonly requests: readonly Request[];

  constructor(name: string, requests: readonly Request[]) {
    this.name = name;
    this.requests = requests;
  }

  get expected(): number {
    return this.requests.reduce((sum, { beats }) => sum + beats, 0);
  }
}

class ReadBench extends Clocked {
  readonly storage = new MemoryStorage(SIZE, BASE, BEAT, false);
  readonly channel: ReadChannel;
  readonly #random: RandomSource;

  constructor(compiled: CompiledModel, seed: number, faults: readonly Fault[] = []) {
    super(compiled, seed);
    this.storage.bytes.set(randomBytes(SIZE, seed));
    this.channel = new ReadChannel(this.dut, "m_axi", this.storage, randomTiming(seed), faults);
    this.#random = new RandomSource(seed);
    this.set("memory_base_i", BASE);
    this.set("memory_size_i", SIZE);
  }

  /** One cycle with both clients at work. */
  serve(clients: readonly Client[]): void {
    for (const client of clients) {
      const request = client.requests[client.asked];
      this.set(`${client.name}_req_valid_i`, request !== undefined);
      this.set(`${client.name}_req_offset_i`, (request?.beat ?? 0) * BEAT);
      this.set(`${client.name}_req_beats_i`, request?.beats ?? 1);
      this.set(`${client.name}_ready_i`, this.#random.below(4) > 0);
    }
    this.settle();
    for (const client of clients) {
      if (this.get(`${client.name}_req_ready_o`) === 1) {
        expect(this.get(`${client.name}_req_error_o`)).toBe(0);
        client.asked++;
      }
      if (this.get(`${client.name}_valid_o`) === 1 && this.get(`${client.name}_ready_i`) === 1) {
        client.words.push(this.big("data_o"));
        client.errors += this.get("data_error_o");
      }
    }
    expect(this.channel.outstanding).toBeLessThanOrEqual(OUTSTANDING);
    this.channel.sample(this.dut.cycle);
    this.dut.rise();
    this.channel.drive(this.dut.cycle++);
    this.dut.fall();
  }

  wordsOf(requests: readonly Request[]): bigint[] {
    const view = new DataView(this.storage.bytes.buffer);
    return requests.flatMap(({ beat, beats }) =>
      Array.from({ length: beats }, (_, index) => view.getBigUint64((beat + index) * BEAT, true)),
    );
  }
}

describe("vg_axi_read", () => {
  let read: CompiledModel;
  beforeAll(async () => {
    read = await buildModule("vg_axi_read", { AXI_BITS: 64, READ_BURST: 8, READ_OUTSTANDING: OUTSTANDING });
  });
  const request = fc.record({ beat: fc.nat(SIZE / BEAT - 60), beats: fc.integer({ min: 1, max: 60 }) });
  const requests = fc.array(request, { maxLength: 6 });

  it("gives each client its beats in order", () => {
    fc.assert(
      fc.property(requests, requests, fc.nat(), (fetches, loads, seed) => {
        const bench = new ReadBench(read, seed);
        const clients = [new Client("fetch", fetches), new Client("load", loads)];
        for (let cycle = 0; cycle < 20_000 && clients.some((c) => c.words.length < c.expected); cycle++)
          bench.serve(clients);
        for (const client of clients) expect(client.words).toEqual(bench.wordsOf(client.requests));
        for (let cycle = 0; cycle < 3; cycle++) bench.serve(clients);
        expect(bench.get("idle_o")).toBe(1);
      }),
      { seed: 1 },
    );
  });

  it("marks the beats of a failed burst", () => {
    const load = new Client("load", [{ beat: 4, beats: 20 }]);
    const bench = new ReadBench(read, 5, [{ direction: "read", at: { burst: 1 }, effect: "slaveError" }]);
    while (load.words.length < 20) bench.serve([load]);
    expect(load.errors).toBe(8); // beats 4..7, then 8..15
  });

  it("comes to rest when halted, whatever is in flight", () => {
    fc.assert(
      fc.property(requests, fc.nat(300), fc.nat(), (loads, at, seed) => {
        const bench = new ReadBench(read, seed);
        const client = new Client("load", loads);
        for (let cycle = 0; cycle < at; cycle++) bench.serve([client]);
        bench.set("halt_i", 1);
        const [bursts, got] = [bench.channel.bursts, client.words.length];
        const silent = new Client("load", []);
        for (let cycle = 0; cycle < 5000 && bench.get("idle_o") === 0; cycle++) bench.serve([silent]);
        expect(bench.get("idle_o")).toBe(1);
        expect(bench.channel.outstanding).toBe(0);
        expect(bench.channel.bursts - bursts).toBeLessThanOrEqual(1); // the address already put up
        expect([silent.words.length, client.words.length]).toEqual([0, got]);
      }),
      { seed: 2 },
    );
  });
});
