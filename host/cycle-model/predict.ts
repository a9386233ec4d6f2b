import { Geometry, issueCycles, type Program } from "../compiler/index.ts";
import type { MemoryModel } from "./memory-model.ts";
import { type CycleSplit, splitCycles } from "./split.ts";
import { timeline } from "./timeline.ts";

/** One operation's share of a run. */
export interface LayerTiming {
  readonly name: string;
  readonly layers: readonly string[];
  /** Multiplications by weights that the network asks for. */
  readonly macs: number;
  /** Cycles from the end of the operation before to its own end; those of all operations and the tail add up to the run's. */
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

/** Predicts a program's cycles, in all and by layer. */
export function predict(program: Program, memory: MemoryModel): Prediction {
  const run = timeline(program, memory);
  const { cycles, commands } = run;
  const geometry = new Geometry(program.config);
  const { macs } = program.statistics;
  const peakMacs = geometry.lanes * geometry.blockChannels * geometry.banks;
  const ends = new Array<number>(program.operations.length).fill(0);
  const busy = new Array<number>(program.operations.length).fill(0);
  program.commands.forEach((command, index) => {
    if (command.kind !== "compute") return;
    const operation = program.commandOperations[index];
    ends[operation] = Math.max(ends[operation], commands[index].end);
    busy[operation] += issueCycles(geometry, command);
  });
  const perLayer = program.operations.map((operation, index): LayerTiming => {
    const share = ends[index] - (ends[index - 1] ?? 0);
    const utilization = share > 0 ? operation.macs / (peakMacs * share) : 0;
    const { name, layers } = operation;
    return { name, layers, macs: operation.macs, cycles: share, busy: busy[index], utilization };
  });
  return {
    cycles,
    split: splitCycles(program, run),
    perLayer,
    peakMacs,
    macs,
    utilization: macs / (peakMacs * cycles),
  };
}
