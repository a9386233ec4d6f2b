import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { RandomSource } from "../axi/random-source.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";

const BEATS = 4; // per command, at 128 bits

/** Beat `beat` of the memory: something that tells it apart. */
const beatAt = (beat: number) => (BigInt(beat) << 96n) | (0x1234_5678_9abcn * BigInt(beat + 1));
const commandAt = (offset: number) =>
  Array.from({ length: BEATS }, (_, i) => beatAt(offset / 16 + i) << BigInt(128 * i)).reduce((a, b) => a | b);

interface Taken {
  readonly index: number;
  readonly offset: number;
  readonly fault: number;
  readonly command: bigint;
}

/** Plays bus master and dispatch until a fault comes or `limit` commands were taken. */
function fetchAll(bench: Clocked, seed: number, window: number, badBeat: number, limit: number): Taken[] {
  const random = new RandomSource(seed);
  const beats: number[] = [];
  const taken: Taken[] = [];
  for (let cycle = 0; cycle < 20_000 && taken.length < limit; cycle++) {
    const deliver = beats.length > 0 && random.below(3) > 0;
    bench.set("data_valid_i", deliver);
    bench.set("data_i", beatAt(beats[0] ?? 0));
    bench.set("data_error_i", beats[0] === badBeat);
    bench.set("req_ready_i", 0);
    if (bench.get("req_valid_o") === 1 && random.below(3) === 0) {
      const [offset, count] = [bench.get("req_offset_o"), bench.get("req_beats_o")];
      const bad = offset + count * 16 > window;
      bench.set("req_ready_i", 1);
      bench.set("req_error_i", bad);
      if (!bad) for (let i = 0; i < count; i++) beats.push(offset / 16 + i);
    }
    const ready = random.below(3) === 0;
    bench.set("cmd_ready_i", ready);
    bench.settle();
    if (deliver) {
      expect(bench.get("data_ready_o")).toBe(1); // it never asks for more than it can hold
      beats.shift();
    }
    if (bench.get("cmd_valid_o") === 1 && ready) {
      const fault = bench.get("cmd_fault_o");
      const command = fault === 0 ? bench.big("cmd_o") : 0n;
      taken.push({ index: bench.get("cmd_index_o"), offset: bench.get("cmd_offset_o"), fault, command });
      if (fault !== 0) return taken;
    }
    bench.cycle();
  }
  return taken;
}

describe("vg_command_fetch", () => {
  let fetch: CompiledModel;
  beforeAll(async () => {
    fetch = await buildModule("vg_command_fetch", { AXI_BITS: 128 });
  });

  it("hands out the stream in order, and each fault in its place", () => {
    const stream = fc.record({
      first: fc.nat(100),
      count: fc.nat(30),
      room: fc.nat(40),
      badCommand: fc.nat(60),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(stream, ({ first, count, room, badCommand, seed }) => {
        const bench = new Clocked(fetch, seed);
        bench.set("command_address_i", first * 64);
        bench.set("command_count_i", count);
        bench.set("halt_i", 1);
        bench.set("clear_i", 1);
        bench.cycle();
        bench.set("clear_i", 0);
        bench.set("halt_i", 0);
        const badBeat = (first + badCommand) * BEATS + (seed % BEATS);
        const taken = fetchAll(bench, seed, (first + room) * 64, badBeat, 100);
        const good = Math.min(count, room, badCommand);
        const fault = good === badCommand && good < Math.min(count, room) ? 8 : good < count ? 6 : 11;
        expect(taken).toEqual(
          Array.from({ length: good + 1 }, (_, index) => {
            const offset = (first + index) * 64;
            return {
              index,
              offset,
              ...(index < good ? { fault: 0, command: commandAt(offset) } : { fault, command: 0n }),
            };
          }),
        );
      }),
      { seed: 1 },
    );
  });

  it("refuses an address that is not a multiple of 64", () => {
    const bench = new Clocked(fetch, 1);
    bench.set("command_address_i", 32);
    bench.set("command_count_i", 3);
    bench.set("clear_i", 1);
    bench.cycle();
    bench.set("clear_i", 0);
    expect(fetchAll(bench, 1, 1 << 20, -1, 3)).toEqual([{ index: 0, offset: 32, fault: 6, command: 0n }]);
  });
});
