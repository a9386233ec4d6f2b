import { deriveFigures } from "../../hdl-gen/index.ts";
import {
  type CycleSplit,
  type LoadWaits,
  memoryModels,
  type Prediction,
  type Program,
  predict,
} from "../../host/index.ts";
import { tensorOf } from "../../models/ir/network.ts";
import { formatShape, producerOf } from "../../models/ir/shape.ts";
import type { Comparator, Mismatch } from "./compare.ts";
import type { MemoryKind, SessionRun } from "./session.ts";

/** One operation of the accelerator: a layer, or a convolution with the addition in its drain. */
export interface LayerReport {
  /** The layer that makes the result. */
  readonly name: string;
  /** All layers that it stands for. */
  readonly layers: readonly string[];
  /** Kinds of those layers, joined by `+`. */
  readonly kind: string;
  readonly macs: number;
  /** Clock cycles of its computations, each from the one before, as simulated; the last has the run's tail as well. */
  readonly cycles: number;
  /** The same, as predicted. */
  readonly predictedCycles: number;
  /** macs / (peakMacs * cycles). */
  readonly utilization: number;
  /** Values of its result compared with the reference, over all runs. */
  readonly comparedValues: number;
  readonly mismatches: number;
}

/** One output of the network. */
export interface OutputReport {
  readonly name: string;
  /** Channels x height x width. */
  readonly shape: string;
  /** Values compared with the reference, over all runs. */
  readonly comparedValues: number;
  readonly mismatches: number;
}

/** What a simulation found; times and traffic are those of one inference, which the data do not change. */
export interface SimulationReport {
  readonly network: string;
  readonly configuration: string;
  readonly memory: MemoryKind;
  /** Inputs that were run. */
  readonly inputs: number;
  /** Clock cycles of one inference, from start to interrupt, everything included. */
  readonly cycles: number;
  /** What the cycle model says. */
  readonly predictedCycles: number;
  /** Useful multiply-accumulates of one inference. */
  readonly macs: number;
  /** Multiply-accumulates a cycle at best: the array's MAC units. */
  readonly peakMacs: number;
  /** macs / (peakMacs * cycles). */
  readonly utilization: number;
  /** Values compared with the reference, over all inputs. */
  readonly comparedValues: number;
  readonly mismatches: number;
  readonly firstMismatch: Mismatch | undefined;
  /** Clock cycles simulated in all. */
  readonly simulatedCycles: number;
  /** Wall-clock seconds spent in the simulation of those. */
  readonly simSeconds: number;
  readonly cyclesPerSecond: number;
  readonly dramReadBytes: number;
  readonly dramWriteBytes: number;
  readonly commands: number;
  /** Cycles in which the array was fed. */
  readonly busyCycles: number;
  /** What the array did in all cycles, from the counters; and as predicted. */
  readonly split: CycleSplit;
  readonly predictedSplit: CycleSplit;
  /** The cycles of `split.waitLoad`, and as predicted. */
  readonly loads: LoadWaits;
  readonly predictedLoads: LoadWaits;
  readonly perLayer: readonly LayerReport[];
  /** The network's outputs, the main one first. */
  readonly outputs: readonly OutputReport[];
}

/** What a report is made of. */
export interface ReportSource {
  readonly program: Program;
  readonly memory: MemoryKind;
  readonly run: SessionRun;
  readonly comparator: Comparator;
  readonly inputs: number;
  readonly simulatedCycles: number;
  readonly simSeconds: number;
}

/** Puts a report together. */
export function makeReport(source: ReportSource): SimulationReport {
  const { program, memory, run, comparator, inputs, simulatedCycles, simSeconds } = source;
  const { config, network, statistics } = program;
  const { CYCLES: cycles, READ_BEATS, WRITE_BEATS, COMMANDS, BUSY } = run.counters;
  const { macs: peakMacs, axiBytes } = deriveFigures(config);
  const prediction = predict(program, memoryModels[memory]);
  const { comparedValues, mismatches, first } = comparator.total;
  return {
    network: network.name,
    configuration: config.name,
    memory,
    inputs,
    cycles,
    predictedCycles: prediction.cycles,
    macs: statistics.macs,
    peakMacs,
    utilization: statistics.macs / (peakMacs * cycles),
    comparedValues,
    mismatches,
    firstMismatch: first,
    simulatedCycles,
    simSeconds,
    cyclesPerSecond: simSeconds > 0 ? simulatedCycles / simSeconds : 0,
    dramReadBytes: READ_BEATS * axiBytes,
    dramWriteBytes: WRITE_BEATS * axiBytes,
    commands: COMMANDS,
    busyCycles: BUSY,
    split: countedSplit(run.counters),
    predictedSplit: prediction.split,
    loads: countedLoads(run.counters),
    predictedLoads: prediction.run.loads,
    perLayer: layerReports(source, prediction, peakMacs),
    outputs: outputReports(source),
  };
}

function outputReports({ program, comparator }: ReportSource): readonly OutputReport[] {
  const { network } = program;
  return network.outputs.map((name) => {
    const maker = producerOf(network.layers, name);
    const shape = formatShape(tensorOf(network, name).shape);
    return { name, shape, ...sumCounts(comparator, maker === undefined ? [] : [maker.name]) };
  });
}

function countedSplit(counters: SessionRun["counters"]): CycleSplit {
  const { BUSY: busy, NO_COMMAND: noCommand, WAIT_DRAIN: waitDrain } = counters;
  const { WAIT_LOAD: waitLoad, WAIT_COMPUTE: waitCompute, WAIT_STORE: waitStore } = counters;
  return { busy, waitDrain, waitLoad, waitCompute, waitStore, noCommand };
}

function countedLoads({ WAIT_LOAD, WAIT_WEIGHTS, WAIT_FEATURES }: SessionRun["counters"]): LoadWaits {
  return { weights: WAIT_WEIGHTS, features: WAIT_FEATURES, other: WAIT_LOAD - WAIT_WEIGHTS - WAIT_FEATURES };
}

function layerReports(
  { program, run, comparator }: ReportSource,
  prediction: Prediction,
  peakMacs: number,
): readonly LayerReport[] {
  const kinds = new Map(program.network.layers.map((layer) => [layer.name, layer.kind]));
  const last = program.operations.length - 1;
  const tail = run.counters.CYCLES - run.times.reduce((sum, time) => sum + time.cycles, 0);
  const predictedTail = prediction.cycles - prediction.perLayer.reduce((sum, layer) => sum + layer.cycles, 0);
  return program.operations.map(({ name, layers, macs }, index) => {
    const share = run.times[index].cycles + (index === last ? tail : 0);
    return {
      name,
      layers,
      kind: layers.map((layer) => kinds.get(layer)).join("+"),
      macs,
      cycles: share,
      predictedCycles: prediction.perLayer[index].cycles + (index === last ? predictedTail : 0),
      utilization: share > 0 ? macs / (peakMacs * share) : 0,
      ...sumCounts(comparator, layers),
    };
  });
}

function sumCounts(comparator: Comparator, layers: readonly string[]) {
  const counts = layers.map((layer) => comparator.of(layer));
  return {
    comparedValues: counts.reduce((sum, count) => sum + count.comparedValues, 0),
    mismatches: counts.reduce((sum, count) => sum + count.mismatches, 0),
  };
}
