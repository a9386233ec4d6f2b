import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { type ComputeFields, encodeCompute, plainCompute } from "./compute-command.ts";
import { expectEqual } from "./expect-equal.ts";
import { type Beat, beatsOf } from "./loop-nest.ts";

const count = (max: number) => fc.integer({ min: 1, max });
const commandShape: fc.Arbitrary<ComputeFields> = fc
  .record({
    blocks: count(3),
    rows: count(3),
    tiles: count(4),
    kernelHeight: count(3),
    kernelWidth: count(3),
    channelGroups: count(4),
    upsample: fc.boolean(),
  })
  .map((shape) => ({ ...plainCompute, ...shape }));

/** Cycles from a tile's last beat to the next tile's, at least. */
const gapAfter = (command: ComputeFields, tileMin: number) => (command.upsample ? 2 * tileMin : tileMin);

const stepNames = ["cg", "kx", "ky", "tile", "row", "block"] as const;

/** One instance under test: pulls commands from a list, samples every output once a cycle. */
function harness(model: CompiledModel, commands: readonly ComputeFields[], seed: number) {
  const dut = model.instantiate({ seed });
  const inputs = { reset: dut.port("rst_ni"), halt: dut.port("halt_i"), valid: dut.port("cmd_valid_i") };
  const go = dut.port("cmd_go_i");
  const command = dut.port("cmd_i").words;
  const active = dut.port("active_o").words;
  const flags = ["cmd_ready", "running", "stalled", "beat", "first", "last", "last_tile", "load"] as const;
  const outputs = flags.map((name) => [name, dut.port(`${name}_o`)] as const);
  const steps = stepNames.map((name) => [name, dut.port(`step_${name}_o`)] as const);
  const encoded = commands.map((fields) => encodeCompute(fields, 7));
  let head = 0;
  inputs.reset.set(0);
  dut.tick();
  inputs.reset.set(1);
  return {
    active,
    encoded,
    /** Samples a cycle with the given inputs, then clocks; the next command is offered when `offer`. */
    cycle(offer: boolean, waitsMet: boolean, halt: boolean) {
      const valid = offer && head < encoded.length;
      inputs.valid.set(Number(valid));
      go.set(Number(waitsMet));
      inputs.halt.set(Number(halt));
      if (valid) command.set(encoded[head]);
      dut.eval();
      const sampled = Object.fromEntries(outputs.map(([name, port]) => [name, port.get()]));
      const stepped = steps.filter(([, port]) => port.get() === 1).map(([name]) => name);
      const running = active.slice();
      dut.tick();
      if (sampled.cmd_ready === 1) head++;
      return { ...(sampled as Record<(typeof flags)[number], number>), valid, stepped, active: running };
    },
    /** Reset while running: the commands left are offered again from the current one. */
    reset() {
      inputs.reset.set(0);
      dut.tick();
      inputs.reset.set(1);
    },
  };
}

describe.each([2, 7])("vg_sequencer with TILE_MIN %i", (tileMin) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_sequencer", { TILE_MIN: tileMin });
  });

  it("walks the loops of every command in order, each beat in the cycle that the spacing rule gives", () => {
    fc.assert(
      fc.property(
        fc.array(commandShape, { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ offer: fc.boolean(), waitsMet: fc.boolean() }), { minLength: 1, maxLength: 20 }),
        fc.integer(),
        (commands, gates, seed) => {
          const dut = harness(model, commands, seed);
          let running: readonly Beat[] = [];
          let index = -1; // of the running command
          let at = 0;
          let drainFree = Number.NEGATIVE_INFINITY;
          let idle = 0; // cycles after the end of the last command
          for (let cycle = 0; idle < 5; cycle++) {
            // Every wait for a command ends: all gates are open in the end.
            const gate = gates[cycle] ?? { offer: true, waitsMet: true };
            const out = dut.cycle(gate.offer, gate.waitsMet, false);
            const here = running[at];
            const stalled = here?.last === true && cycle < drainFree;
            const beat = here !== undefined && !stalled;
            const ends = beat && at === running.length - 1;
            const load = out.valid && gate.waitsMet && (here === undefined || ends);
            const what = (name: string) => () => `cycle ${cycle}, command ${index}, beat ${at}, ${name}`;
            expectEqual(out.running, Number(here !== undefined), what("running"));
            expectEqual(out.beat, Number(beat), what("beat"));
            expectEqual(out.stalled, Number(stalled), what("stalled"));
            expectEqual(out.load, Number(load), what("load"));
            expectEqual(out.cmd_ready, Number(load), what("cmd_ready"));
            const step = beat && here.step !== "none" ? here.step : "";
            expectEqual(out.stepped.join(), step, what("steps"));
            if (beat) {
              expectEqual(out.first, Number(here.first), what("first"));
              expectEqual(out.last, Number(here.last), what("last"));
              if (here.last) expectEqual(out.last_tile, Number(at === running.length - 1), what("last_tile"));
              expectEqual(out.active.join(), dut.encoded[index].join(), what("active command"));
              if (here.last) drainFree = cycle + gapAfter(commands[index], tileMin);
              at++;
            }
            if (ends) running = [];
            if (load) {
              index++;
              running = beatsOf(commands[index]);
              at = 0;
            }
            if (running.length === 0 && index === commands.length - 1) idle++;
          }
        },
      ),
      { seed: 1, numRuns: 80 },
    );
  });

  it("takes max(K, TILE_MIN) cycles a tile, twice TILE_MIN if upsampled, without bubbles between tiles or commands", () => {
    fc.assert(
      fc.property(fc.array(commandShape, { minLength: 1, maxLength: 5 }), fc.integer(), (commands, seed) => {
        const dut = harness(model, commands, seed);
        const tiles = commands.flatMap((f) =>
          Array.from({ length: f.blocks * f.rows * f.tiles }, () => ({
            k: f.kernelHeight * f.kernelWidth * f.channelGroups,
            gap: gapAfter(f, tileMin),
          })),
        );
        // The first tile has nothing to wait for; it starts one cycle after the command is taken.
        const expected = tiles.reduce((sum, { k }, i) => sum + (i === 0 ? k : Math.max(k, tiles[i - 1].gap)), 1);
        let cycles = 0;
        for (let left = tiles.length; left > 0; cycles++) {
          const out = dut.cycle(true, true, false);
          if (out.beat === 1 && out.last === 1) left--;
        }
        expect(cycles).toBe(expected);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it("issues nothing more once halted, and starts afresh after a reset", () => {
    fc.assert(
      fc.property(
        commandShape,
        commandShape,
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        (first, second, before, seed) => {
          const dut = harness(model, [first, second, second, second], seed);
          for (let cycle = 0; cycle < before; cycle++) dut.cycle(cycle < 1, true, false);
          for (let cycle = 0; cycle < 5; cycle++) {
            const out = dut.cycle(true, true, true);
            expect([out.beat, out.load, out.cmd_ready]).toEqual([0, 0, 0]);
            if (cycle > 0) expect(out.running).toBe(0);
          }
          dut.reset();
          const beats = beatsOf(second);
          const tileEnds = beats.filter((beat) => beat.last).length;
          const k = beats.length / tileEnds;
          const seen: string[] = [];
          let cycles = 0;
          for (let ends = 0; ends < tileEnds; cycles++) {
            const out = dut.cycle(cycles === 0, true, false);
            if (out.beat === 1) seen.push(out.stepped.join() || "none");
            ends += out.beat & out.last;
          }
          expect(seen).toEqual(beats.map((beat) => beat.step));
          expect(cycles).toBe(1 + k + (tileEnds - 1) * Math.max(k, gapAfter(second, tileMin))); // no gap is left over either
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });
});
