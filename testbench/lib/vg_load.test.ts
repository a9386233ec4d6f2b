import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../host/isa/index.ts";
import { RandomSource } from "../axi/random-source.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { lineTransfer, noWaits } from "./dma-commands.ts";
import { dmaEntry } from "./dma-entry.ts";
import { beatsOf, placedWords } from "./dma-model.ts";

const shape = {
  ...{ G: 4, M: 16, P: 9, R: 2, AXI_BITS: 128 },
  ...{ FEATURE_DEPTH: 100, WEIGHT_DEPTH: 20, PARAMETER_DEPTH: 30 },
};
const { weightSlices, parameterSlices } = beatsOf(shape);

/** Beat `beat` of the memory. */
const beatAt = (beat: number) => BigInt.asUintN(128, 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n * BigInt(beat + 1));

/** Everything that `command` writes, one text for each feature word, slice and table entry; offset counts in beats. */
function expectedWrites(command: Command): string[] {
  if (command.kind === "loadFeatures") {
    const first = command.memoryOffset / 16;
    return placedWords(shape, command).map(({ bank, addr, offset }) => {
      const word = BigInt.asUintN(32, beatAt(first + Math.floor(offset / 16)) >> BigInt(8 * (offset % 16)));
      return `feature ${bank} ${addr} ${word}`;
    });
  }
  if (!("beats" in command)) return [];
  return Array.from({ length: command.beats }, (_, beat) => {
    const data = beatAt(command.memoryOffset / 16 + beat);
    if (command.kind === "loadTables") {
      return `table ${command.bank * 256 + beat} ${BigInt.asUintN(36, data)} ${BigInt.asUintN(36, data >> 64n)}`;
    }
    const slices = command.kind === "loadWeights" ? weightSlices : parameterSlices;
    return `${command.kind} ${command.firstWord + Math.floor(beat / slices)} ${beat % slices} ${data}`;
  });
}

class LoadBench extends Clocked {
  readonly writes: string[] = [];
  done = 0;
  error: readonly number[] | undefined;
  readonly #random: RandomSource;
  readonly #beats: number[] = [];
  readonly #commands: readonly Command[];
  readonly #badBeat: number;
  #next = 0;

  constructor(compiled: CompiledModel, seed: number, commands: readonly Command[], badBeat = -1) {
    super(compiled, seed);
    this.#random = new RandomSource(seed);
    this.#commands = commands;
    this.#badBeat = badBeat;
  }

  serve(): void {
    const command = this.#commands[this.#next];
    this.set("cmd_valid_i", command !== undefined);
    if (command !== undefined) this.set("cmd_i", dmaEntry(command, 100 + this.#next));
    this.set("ld_ready_i", this.#random.below(3) > 0);
    const data = this.#beats.length > 0 && this.#random.below(4) > 0;
    this.set("data_valid_i", data);
    this.set("data_i", beatAt(this.#beats[0] ?? 0));
    this.set("data_error_i", this.#beats[0] === this.#badBeat);
    this.set("data_resp_i", this.#beats[0] === this.#badBeat ? 3 : 0);
    const asked = this.get("req_valid_o") === 1 && this.#random.below(3) === 0;
    this.set("req_ready_i", asked);
    this.settle();
    if (asked) {
      const first = this.get("req_offset_o") / 16;
      for (let beat = 0; beat < this.get("req_beats_o"); beat++) this.#beats.push(first + beat);
    }
    if (data && this.get("data_ready_o") === 1) this.#beats.shift();
    if (command !== undefined && this.get("cmd_ready_o") === 1) this.#next++;
    this.#watchWrites();
    this.done += this.get("done_pulse_o");
    if (this.get("error_o") === 1) {
      this.error = [this.get("error_code_o"), this.get("error_index_o"), this.get("error_info_o")];
    }
    this.cycle();
  }

  #watchWrites(): void {
    if (this.get("ld_valid_o") === 1 && this.get("ld_ready_i") === 1) {
      const words = this.port("data_o").getLanes(32, false);
      for (let word = 0; word < this.get("ld_count_o"); word++) {
        const bank = this.get("ld_bank_o") + word;
        const addr = this.get("ld_addr_o") + Math.floor(bank / shape.P);
        this.writes.push(`feature ${bank % shape.P} ${addr} ${words[word]}`);
      }
    }
    const place = `${this.get("word_addr_o")} ${this.get("word_slice_o")} ${this.big("data_o")}`;
    if (this.get("wt_we_o") === 1) this.writes.push(`loadWeights ${place}`);
    if (this.get("pm_we_o") === 1) this.writes.push(`loadParameters ${place}`);
    if (this.get("tb_we_a_o") === 1) {
      expect(this.get("tb_we_b_o")).toBe(1);
      const first = BigInt.asUintN(36, this.big("data_o"));
      this.writes.push(`table ${this.get("word_addr_o")} ${first} ${this.big("tb_data_b_o")}`);
    }
  }
}

describe("vg_load", () => {
  let load: CompiledModel;
  beforeAll(async () => {
    load = await buildModule("vg_load", { ...shape, QUEUE_DEPTH: 3 });
  });

  const offset = fc.nat(1000).map((beat) => beat * 16);
  const features = fc
    .record({
      memoryOffset: offset,
      lines: fc.integer({ min: 1, max: 5 }),
      columns: fc.integer({ min: 1, max: 30 }),
      base: fc.nat(40),
      lineStride: fc.nat(8),
      linesPerRow: fc.integer({ min: 1, max: 6 }),
      rowStride: fc.nat(12),
      firstBank: fc.nat(shape.P - 1),
    })
    .map((fields): Command => lineTransfer("loadFeatures", fields));
  const words = fc.tuple(offset, fc.integer({ min: 1, max: 5 }), fc.nat(15));
  const command: fc.Arbitrary<Command> = fc.oneof(
    { weight: 4, arbitrary: features },
    words.map(([memoryOffset, count, firstWord]): Command => {
      return { kind: "loadWeights", ...noWaits, memoryOffset, beats: count * weightSlices, firstWord };
    }),
    words.map(([memoryOffset, count, firstWord]): Command => {
      return { kind: "loadParameters", ...noWaits, memoryOffset, beats: count * parameterSlices, firstWord };
    }),
    fc.tuple(offset, fc.nat(1)).map(([memoryOffset, bank]): Command => {
      return { kind: "loadTables", ...noWaits, memoryOffset, beats: 256, bank };
    }),
  );
  const commands = fc.array(command, { minLength: 1, maxLength: 8 });

  it("writes each word of each command once, in order, whatever stalls", () => {
    fc.assert(
      fc.property(commands, fc.nat(), (list, seed) => {
        const bench = new LoadBench(load, seed, list);
        for (let cycle = 0; cycle < 20_000 && bench.done < list.length; cycle++) bench.serve();
        expect(bench.done).toBe(list.length);
        expect(bench.writes).toEqual(list.flatMap(expectedWrites));
        expect(bench.error).toBeUndefined();
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("stops before the beat of a failed read, and writes nothing behind it", () => {
    fc.assert(
      fc.property(commands, fc.nat(), fc.nat(), (list, where, seed) => {
        // Commands far apart, so that a beat belongs to one of them.
        const apart = list.map((each, index) => ({ ...each, memoryOffset: index << 16 }) as Command);
        const at = where % list.length;
        const bench = new LoadBench(load, seed, apart, at << 12);
        for (let cycle = 0; cycle < 20_000 && bench.error === undefined; cycle++) bench.serve();
        for (let cycle = 0; cycle < 50; cycle++) bench.serve();
        expect(bench.error).toEqual([8, 100 + at, 3]);
        expect(bench.writes).toEqual(apart.slice(0, at).flatMap(expectedWrites));
      }),
      { seed: 2, numRuns: 40 },
    );
  });
});
