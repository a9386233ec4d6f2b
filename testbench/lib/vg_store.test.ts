import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { FeatureTransfer } from "../../host/isa/index.ts";
import { RandomSource } from "../axi/random-source.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { lineTransfer } from "./dma-commands.ts";
import { dmaEntry } from "./dma-entry.ts";
import { placedWords } from "./dma-model.ts";

const shape = {
  ...{ G: 4, M: 16, P: 9, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 100, WEIGHT_DEPTH: 20, PARAMETER_DEPTH: 30 },
};
const WORDS = 4;
const wordAt = (bank: number, addr: number) => (Math.imul(addr * 16 + bank + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;

/** The beats of a command: strobed bytes as hexadecimal digits, `..` without strobe. */
function expectedBeats(command: FeatureTransfer): string[] {
  const beats: string[][] = [];
  for (const { bank, addr, offset } of placedWords(shape, command)) {
    const beat = Math.floor(offset / 16);
    beats[beat] = [...(beats[beat] ?? []), wordAt(bank, addr).toString(16).padStart(8, "0")];
  }
  return beats.map((words) => [...words, ...Array<string>(WORDS - words.length).fill("........")].join(" "));
}

class StoreBench extends Clocked {
  readonly beats: string[] = [];
  readonly requests: number[][] = [];
  done = 0;
  error: readonly number[] | undefined;
  readonly #random: RandomSource;
  readonly #commands: readonly FeatureTransfer[];
  /** Answers under way: at the second edge after the one that took the request. */
  readonly #answers: (number[] | undefined)[] = [undefined, undefined];
  #next = 0;

  constructor(compiled: CompiledModel, seed: number, commands: readonly FeatureTransfer[]) {
    super(compiled, seed);
    this.#random = new RandomSource(seed);
    this.#commands = commands;
    this.set("clear_i", 1);
    this.cycle();
    this.set("clear_i", 0);
  }

  /** @param written whether the bus reports a request as written */
  serve(written = false, failed = false): void {
    const command = this.#commands[this.#next];
    this.set("cmd_valid_i", command !== undefined);
    if (command !== undefined) this.set("cmd_i", dmaEntry(command, 100 + this.#next));
    this.set("req_ready_i", this.get("req_valid_o") === 1 && this.#random.below(3) === 0);
    this.set("st_ready_i", this.#random.below(3) > 0);
    this.set("data_ready_i", this.#random.below(3) > 0);
    const answer = this.#answers.shift();
    this.set("st_rvalid_i", answer !== undefined);
    this.port("st_rdata_i").setLanes(32, answer ?? [1, 2, 3, 4]);
    this.set("written_i", written);
    this.set("write_error_i", failed);
    this.set("write_resp_i", 2);
    this.settle();
    if (this.get("req_valid_o") === 1 && this.get("req_ready_i") === 1) {
      this.requests.push([this.get("req_offset_o"), this.get("req_beats_o")]);
    }
    if (command !== undefined && this.get("cmd_ready_o") === 1) this.#next++;
    const asked = this.get("st_valid_o") === 1 && this.get("st_ready_i") === 1;
    this.#answers.push(asked ? this.#read() : undefined);
    if (this.get("data_valid_o") === 1 && this.get("data_ready_i") === 1) {
      const strobes = this.get("strobe_o");
      const words = this.port("data_o")
        .getLanes(32, false)
        .map((word, at) => {
          const strobe = (strobes >> (4 * at)) & 15;
          return strobe === 0 ? "........" : strobe === 15 ? word.toString(16).padStart(8, "0") : "partial";
        });
      this.beats.push(words.join(" "));
    }
    this.done += this.get("done_pulse_o");
    if (this.get("error_o") === 1) {
      this.error = [this.get("error_code_o"), this.get("error_index_o"), this.get("error_info_o")];
    }
    this.cycle();
  }

  #read(): number[] {
    return Array.from({ length: WORDS }, (_, word) => {
      const bank = this.get("st_bank_o") + word;
      const addr = this.get("st_addr_o") + Math.floor(bank / shape.P);
      if (word < this.get("st_count_o")) expect(addr).toBeLessThan(shape.FEATURE_DEPTH);
      return wordAt(bank % shape.P, addr);
    });
  }
}

describe("vg_store", () => {
  let store: CompiledModel;
  beforeAll(async () => {
    const { G, P, AXI_BITS, FEATURE_DEPTH } = shape;
    store = await buildModule("vg_store", { G, P, AXI_BITS, FEATURE_DEPTH, QUEUE_DEPTH: 8 });
  });

  const transfer = fc
    .record({
      memoryOffset: fc.nat(1000).map((beat) => beat * 16),
      lines: fc.integer({ min: 1, max: 5 }),
      columns: fc.integer({ min: 1, max: 30 }),
      base: fc.nat(40),
      lineStride: fc.nat(8),
      linesPerRow: fc.integer({ min: 1, max: 6 }),
      rowStride: fc.nat(12),
      firstBank: fc.nat(shape.P - 1),
    })
    .map((fields) => lineTransfer("storeFeatures", fields));
  const commands = fc.array(transfer, { minLength: 1, maxLength: 6 });

  it("hands over every beat in order with its strobes, whatever stalls", () => {
    fc.assert(
      fc.property(commands, fc.nat(), (list, seed) => {
        const bench = new StoreBench(store, seed, list);
        const beats = list.flatMap(expectedBeats);
        for (let cycle = 0; cycle < 5000 && bench.beats.length < beats.length; cycle++) bench.serve();
        for (let cycle = 0; cycle < 10; cycle++) bench.serve();
        expect(bench.beats).toEqual(beats);
        expect(bench.requests).toEqual(list.map((each) => [each.memoryOffset, expectedBeats(each).length]));
        for (let index = 0; index < list.length; index++) bench.serve(true);
        expect([bench.done, bench.error]).toEqual([list.length, undefined]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("reports a failed write with the oldest command that is not written", () => {
    const bench = new StoreBench(
      store,
      1,
      [1, 2, 3].map((base) => lineTransfer("storeFeatures", { base })),
    );
    while (bench.beats.length < 3) bench.serve();
    bench.serve(true);
    bench.serve(false, true);
    bench.serve();
    expect(bench.error).toEqual([9, 101, 2]);
  });

  it("reads nothing from the first word outside of the memory on", () => {
    const inside = lineTransfer("storeFeatures", { base: 5, columns: 3 });
    const outside = lineTransfer("storeFeatures", { base: 98, columns: 30 });
    const bench = new StoreBench(store, 1, [inside, outside, inside]);
    for (let cycle = 0; cycle < 200; cycle++) bench.serve();
    // 2 words of 9 banks are left from word 98: four whole beats and half of the fifth.
    expect(bench.error).toEqual([3, 101, 99]);
    expect(bench.beats).toEqual([...expectedBeats(inside), ...expectedBeats(outside).slice(0, 4)]);
  });
});
