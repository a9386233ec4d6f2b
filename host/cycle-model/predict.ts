import { Geometry, issueCycles, type Program } from "../compiler/index.ts";
import { estimateRun } from "./estimate/run.ts";
import { splitCycles } from "./estimate/split.ts";
import { timeline } from "./exact/timeline.ts";
import type { MemoryModel } from "./memory-model.ts";
import type { CycleSplit, Timeline } from "./timing.ts";

/** One operation's share of a run. */
export interface LayerTiming {
  readonly name: string;
  readonly layers: readonly string[];
  /** Multiplications by weights that the network asks for. */
  readonly macs: number;
  /**
   * Cycles from the end of the computation before each of its own to that one's end: those of all operations and the tail
   * add up to the run's.
   */
  readonly cycles: number;
  /** Cycles in which the array works on it. */
  readonly busy: number;
  /** macs / (MAC units * cycles); 0 for operations without cycles. */
  readonly utilization: number;
}

/** A predicted run. */
export interface Prediction {
  readonly cycles: number;
  readonly split: CycleSplit;
  readonly perLayer: readonly LayerTiming[];
  /** Multiply-accumulates a cycle at best: G * M * P. */
  readonly peakMacs: number;
  /** The network's multiplications by weights. */
  readonly macs: number;
  /** macs / (peakMacs * cycles). */
  readonly utilization: number;
}

/** A prediction that is exact, with all that is known of the run. */
export interface ExactPrediction extends Prediction {
  readonly run: Timeline;
}

/**
 * Predicts a program's run, in all and by layer, exactly: cycles and split are those of the RTL's counters with such a
 * memory (one without random back-pressure). An operation ends with its last beat.
 */
export function predict(program: Program, memory: MemoryModel): ExactPrediction {
  const run = timeline(program, memory);
  const { cycles, split, commands } = run;
  return { ...prediction(program, cycles, split, (index) => commands[index].last), run };
}

/**
 * Estimates a program's run by a model of events: within some per cent of {@link predict} and many times faster, for
 * looking through many programs. An operation ends with its results in memory.
 */
export function estimate(program: Program, memory: MemoryModel): Prediction {
  const run = estimateRun(program, memory);
  return prediction(program, run.cycles, splitCycles(program, run), (index) => run.commands[index].end);
}

/** @param end cycle in which a command ends */
function prediction(program: Program, cycles: number, split: CycleSplit, end: (command: number) => number): Prediction {
  const geometry = new Geometry(program.config);
  const { macs } = program.statistics;
  const peakMacs = geometry.lanes * geometry.blockChannels * geometry.banks;
  const shares = new Array<number>(program.operations.length).fill(0);
  const busy = new Array<number>(program.operations.length).fill(0);
  let last = 0;
  program.commands.forEach((command, index) => {
    if (command.kind !== "compute") return;
    const operation = program.commandOperations[index];
    shares[operation] += end(index) - last;
    last = end(index);
    busy[operation] += issueCycles(geometry, command);
  });
  const perLayer = program.operations.map((operation, index): LayerTiming => {
    const share = shares[index];
    const utilization = share > 0 ? operation.macs / (peakMacs * share) : 0;
    const { name, layers } = operation;
    return { name, layers, macs: operation.macs, cycles: share, busy: busy[index], utilization };
  });
  return { cycles, split, perLayer, peakMacs, macs, utilization: macs / (peakMacs * cycles) };
}
