import type { CompiledModel, Model, Port } from "../engine/index.ts";
import { type ComputeFields, encodeCompute } from "./compute-command.ts";
import type { FeatureDma } from "./compute-dma.ts";
import type { ComputeShape } from "./compute-layer.ts";
import { ComputeMemories } from "./compute-memories.ts";
import { ComputeTiming, type Stat, stats } from "./compute-timing.ts";
import { expectEqual } from "./expect-equal.ts";

/** A command in the queue. */
export interface Queued {
  readonly fields: ComputeFields;
  readonly index: number;
}

/** How a run goes on around the engine; all cycles count from its start. */
export interface RunOptions {
  /** Completed counts of the other engines. Default 0. */
  readonly doneLoad?: (cycle: number) => number;
  readonly doneStore?: (cycle: number) => number;
  /** Whether the queue shows its head. Default always. */
  readonly offer?: (cycle: number) => boolean;
  /** Called before each cycle, to use the DMA. */
  readonly traffic?: (dma: FeatureDma) => void;
  /** From this cycle on halt_i is set. */
  readonly haltAt?: number;
  /** The error that must be reported, and halts the engine from the next cycle on. Default none. */
  readonly error?: EngineError;
  /** The run ends with clear_i in this cycle, else when all is done. */
  readonly clearAt?: number;
}

/** A reported error. */
export interface EngineError {
  readonly cycle: number;
  readonly code: number;
  readonly index: number;
  readonly info: number;
}

/** What was seen. */
export interface Run {
  readonly cycles: number;
  /** Cycle of each tile's last beat, over all commands. */
  readonly tileEnds: readonly number[];
  readonly counts: Readonly<Record<Stat, number>>;
}

const flagNames = ["cmd_ready", "idle", "done_pulse", "error"] as const;

/** One vg_compute with its memories filled; every cycle of a run is compared with {@link ComputeTiming}. */
export class ComputeBench {
  readonly dut: Model;
  readonly memories: ComputeMemories;
  readonly shape: ComputeShape;
  readonly #timing: ComputeTiming;
  readonly #flags: Readonly<Record<(typeof flagNames)[number], Port>>;
  readonly #stats: readonly (readonly [Stat, Port])[];
  #doneCompute = 0;

  constructor(model: CompiledModel, shape: ComputeShape, seed: number) {
    this.dut = model.instantiate({ seed });
    this.shape = shape;
    this.#timing = new ComputeTiming(shape);
    const flag = (name: string) => this.dut.port(`${name}_o`);
    this.#flags = {
      cmd_ready: flag("cmd_ready"),
      idle: flag("idle"),
      done_pulse: flag("done_pulse"),
      error: flag("error"),
    };
    this.#stats = stats.map((name) => [name, flag(`stat_${name}`)]);
    this.dut.tick();
    this.dut.port("rst_ni").set(1);
    this.memories = new ComputeMemories(this.dut, shape, seed);
  }

  /**
   * Runs commands and compares every cycle: what is issued, the accounting, done and idle.
   * Only the first error is compared: it is the one that is latched.
   */
  run(commands: readonly Queued[], options: RunOptions = {}): Run {
    const { dut } = this;
    const { dma } = this.memories;
    const set = (name: string, value: number) => dut.port(name).set(value);
    const encoded = commands.map(({ fields }) => encodeCompute(fields, this.shape.P));
    const tileEnds: number[] = [];
    const counts: Record<Stat, number> = {
      busy: 0,
      no_command: 0,
      wait_load: 0,
      wait_compute: 0,
      wait_store: 0,
      wait_drain: 0,
    };
    const { error, clearAt = Number.POSITIVE_INFINITY } = options;
    const haltAt = error === undefined ? (options.haltAt ?? Number.POSITIVE_INFINITY) : error.cycle + 1;
    let head = 0;
    let cycle = 0;
    for (let finished = false; !finished; cycle++) {
      const done = [options.doneLoad?.(cycle) ?? 0, this.#doneCompute, options.doneStore?.(cycle) ?? 0] as const;
      const offered = head < commands.length && cycle !== clearAt && (options.offer?.(cycle) ?? true);
      set("cmd_valid_i", Number(offered));
      if (offered) {
        dut.port("cmd_i").words.set(encoded[head]);
        set("cmd_index_i", commands[head].index);
      }
      set("done_load_i", done[0]);
      set("done_compute_i", done[1]);
      set("done_store_i", done[2]);
      set("halt_i", Number(cycle >= haltAt));
      set("clear_i", Number(cycle === clearAt));
      options.traffic?.(dma);
      dut.eval();
      dma.sample();
      const expected = this.#timing.step(offered ? queueHead(commands[head].fields, done) : undefined, cycle >= haltAt);
      const what = (name: string) => () => `cycle ${cycle}, command ${head - 1}: ${name}`;
      expectEqual(this.#flags.cmd_ready.get(), Number(expected.load), what("cmd_ready_o"));
      for (const [name, port] of this.#stats)
        expectEqual(port.get(), Number(name === expected.stat), what(`stat_${name}_o`));
      expectEqual(this.#flags.done_pulse.get(), Number(expected.done), what("done_pulse_o"));
      expectEqual(this.#flags.idle.get(), Number(expected.idle), what("idle_o"));
      // In the cycle after the first error the engine does not know yet that it is halted.
      if (error === undefined || cycle !== error.cycle + 1) {
        expectEqual(this.#flags.error.get(), Number(cycle === error?.cycle), what("error_o"));
      }
      if (error !== undefined && cycle === error.cycle) {
        for (const name of ["code", "index", "info"] as const) {
          expectEqual(dut.port(`error_${name}_o`).get(), error[name], what(`error_${name}_o`));
        }
      }
      counts[expected.stat]++;
      if (expected.tileEnd) tileEnds.push(cycle);
      if (expected.done) this.#doneCompute = (this.#doneCompute + 1) & 0xffff;
      if (expected.load) head++;
      dut.tick();
      dma.settle();
      if (cycle > 1_000_000) throw new Error("the run does not end");
      finished =
        clearAt < Number.POSITIVE_INFINITY
          ? cycle === clearAt
          : head === commands.length && !expected.load && expected.idle;
    }
    set("halt_i", 0);
    set("clear_i", 0);
    set("cmd_valid_i", 0);
    if (clearAt < Number.POSITIVE_INFINITY) {
      this.#timing.clear();
      this.#doneCompute = 0;
    }
    return { cycles: cycle, tileEnds, counts };
  }
}

/** The head of the queue as {@link ComputeTiming} sees it. @param done completed loads, computes, stores */
export function queueHead(f: ComputeFields, done: readonly [number, number, number]) {
  const waits = [f.waitLoad, f.waitCompute, f.waitStore];
  const unmet = (["load", "compute", "store"] as const).find((_, i) => ((done[i] - waits[i]) & 0xffff) >= 0x8000);
  const [k, tiles] = [f.kernelHeight * f.kernelWidth * f.channelGroups, f.blocks * f.rows * f.tiles];
  return { k, tiles, upsample: f.upsample, unmet };
}
