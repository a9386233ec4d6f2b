import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Command, type Engine, encodeCommands, engineOf } from "../../host/isa/index.ts";
import { RandomSource } from "../axi/random-source.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { Clocked } from "./clocked.ts";
import { end, fixtureCompute, lineTransfer, noWaits } from "./dma-commands.ts";
import { dmaEntry } from "./dma-entry.ts";

const engineNames = ["load", "compute", "store"] as const;
const OFFSET = 0x4000;

function encoded(command: Command): bigint {
  return encodeCommands([command]).reduce((value, byte, at) => value | (BigInt(byte) << BigInt(8 * at)), 0n);
}

interface Outcome {
  readonly entries: Record<Engine, bigint[]>;
  readonly error: readonly number[] | undefined;
  readonly ended: boolean;
}

/** Plays fetch and the engines, which complete commands some time after taking them. */
function dispatchAll(bench: Clocked, seed: number, commands: readonly Command[]): Outcome {
  const random = new RandomSource(seed);
  const entries: Record<Engine, bigint[]> = { load: [], compute: [], store: [] };
  const done: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  let next = 0;
  for (let cycle = 0; cycle < 5000; cycle++) {
    const offered = random.below(4) > 0 || bench.get("cmd_valid_i") === 1;
    const command = commands[next];
    bench.set("cmd_valid_i", offered);
    bench.set("cmd_i", command === undefined ? 0n : encoded(command));
    bench.set("cmd_index_i", next);
    bench.set("cmd_offset_i", OFFSET + 64 * next);
    bench.set("cmd_fault_i", command === undefined ? 11 : 0);
    for (const engine of engineNames) {
      if (done[engine] < entries[engine].length && random.below(8) === 0) done[engine]++;
      bench.set(`done_${engine}_i`, done[engine]);
      bench.set(`${engine}_ready_i`, random.below(5) === 0);
    }
    bench.settle();
    for (const engine of engineNames) {
      if (bench.get(`${engine}_valid_o`) === 0 || bench.get(`${engine}_ready_i`) === 0) continue;
      const index = engine === "compute" ? BigInt(bench.get("compute_index_o")) << 512n : 0n;
      entries[engine].push(bench.big(`${engine}_o`) | index);
    }
    if (bench.get("error_o") === 1) {
      const error = [bench.get("error_code_o"), bench.get("error_index_o"), bench.get("error_info_o")];
      return { entries, error, ended: false };
    }
    if (bench.get("end_o") === 1) {
      for (const engine of engineNames) expect(done[engine]).toBe(entries[engine].length);
      return { entries, error: undefined, ended: true };
    }
    if (bench.get("cmd_ready_o") === 1) {
      next++;
      bench.cycle();
      bench.set("cmd_valid_i", 0);
    } else bench.cycle();
  }
  return { entries, error: undefined, ended: false };
}

describe("vg_dispatch", () => {
  let dispatch: CompiledModel;
  beforeAll(async () => {
    dispatch = await buildModule("vg_dispatch", { QUEUE_DEPTH: 2 });
  });

  const place = fc.record({
    base: fc.nat(65535),
    lineStride: fc.nat(65535),
    rowStride: fc.nat(65535),
    firstBank: fc.nat(6),
  });
  const command: fc.Arbitrary<Command> = fc.oneof(
    place.map((fields): Command => lineTransfer("loadFeatures", fields)),
    place.map((fields): Command => lineTransfer("storeFeatures", fields)),
    fc
      .nat(65535)
      .map((firstWord): Command => ({ kind: "loadWeights", ...noWaits, memoryOffset: 0, beats: 8, firstWord })),
    fc
      .nat(65535)
      .map((firstWord): Command => ({ kind: "loadParameters", ...noWaits, memoryOffset: 16, beats: 4, firstWord })),
    fc.nat(1).map((bank): Command => ({ kind: "loadTables", ...noWaits, memoryOffset: 32, beats: 256, bank })),
    fc.nat(65535).map((outBase): Command => fixtureCompute({ outBase })),
  );

  /** Waits for what was handed out before, with `excess` more at command `at`. */
  function withLatestWaits(commands: readonly Command[], at: number, engine: Engine, excess: number): Command[] {
    const counts: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
    return commands.map((command, index) => {
      const waits = { ...counts };
      if (index === at) waits[engine] += excess;
      const own = engineOf(command.kind);
      if (own !== undefined) counts[own]++;
      return { ...command, waitLoad: waits.load, waitCompute: waits.compute, waitStore: waits.store };
    });
  }

  it("hands every command to its engine, in order, and ends when all are complete", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), fc.nat(), (list, seed) => {
        const commands = withLatestWaits([...list, end, end], -1, "load", 0);
        const outcome = dispatchAll(new Clocked(dispatch, seed), seed, commands);
        expect([outcome.ended, outcome.error]).toEqual([true, undefined]);
        for (const engine of engineNames) {
          const own = commands.flatMap((each, index) => {
            if (engineOf(each.kind) !== engine) return [];
            return [engine === "compute" ? encoded(each) | (BigInt(index) << 512n) : dmaEntry(each, index)];
          });
          expect(outcome.entries[engine]).toEqual(own);
        }
      }),
      { seed: 1 },
    );
  });

  it("refuses a wait for what comes later, and the end of the stream without END", () => {
    const list = fc.array(command, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        list,
        fc.nat(),
        fc.nat(2),
        fc.integer({ min: 1, max: 32768 }),
        fc.nat(),
        (base, where, which, excess, seed) => {
          const at = where % base.length;
          const commands = withLatestWaits(base, at, engineNames[which], excess);
          expect(dispatchAll(new Clocked(dispatch, seed), seed, commands).error).toEqual([7, at, which]);
          const clean = withLatestWaits(base, -1, "load", 0);
          const { error } = dispatchAll(new Clocked(dispatch, seed), seed, clean);
          expect(error).toEqual([11, base.length, OFFSET + 64 * base.length]);
        },
      ),
      { seed: 2, numRuns: 50 },
    );
  });
});
