import { deriveFigures } from "../../hdl-gen/index.ts";
import {
  type CycleSplit,
  type LoadWaits,
  type MemoryModel,
  type Prediction,
  type Program,
  predict,
} from "../../host/index.ts";
import type { Problem } from "../../models/errors.ts";
import { formatShape } from "../../models/ir/shape.ts";
import { type WorkKind, workKind, workKinds } from "../../models/networks/index.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import type { Variant } from "./variant.ts";

/** Clock that images a second are given for, in Hz. */
export const clockHz = 200e6;

/** Cycles and useful MACs of one kind of layers. */
export interface KindShare {
  readonly kind: WorkKind;
  readonly cycles: number;
  readonly macs: number;
  /** macs / (peakMacs * cycles). */
  readonly utilization: number;
}

/** What was asked for. */
export interface RowHead {
  /** As it could be asked for again: `vargnet-v1@g8x0.25`. */
  readonly network: string;
  /** Name among the built-in networks, or a file. */
  readonly name: string;
  /** G of a VarGNet. */
  readonly group: number | null;
  readonly scale: number;
  /** Channels x height x width. */
  readonly input: string;
  readonly madds: number;
}

/** One network on one input; times and traffic are those of one inference. */
export interface MeasuredRow extends RowHead {
  readonly source: "cycle model" | "RTL";
  readonly cycles: number;
  /** What the cycle model says. */
  readonly predictedCycles: number;
  readonly peakMacs: number;
  /** Useful MACs / (MAC units x cycles), everything included. */
  readonly utilization: number;
  /** At `clockHz`. */
  readonly imagesPerSecond: number;
  readonly dramReadBytes: number;
  readonly dramWriteBytes: number;
  /** Bytes read and written per useful MAC. */
  readonly bytesPerMac: number;
  /** What the array does in these cycles. */
  readonly split: CycleSplit;
  /** The cycles of `split.waitLoad` (older records lack them). */
  readonly loads?: LoadWaits;
  /** Layer kinds that the cycles go to; they add up to `cycles`. */
  readonly kinds: readonly KindShare[];
  /** Values compared with the reference, those of every output among them, and how many differ (RTL). */
  readonly comparedValues?: number;
  readonly mismatches?: number;
  /** Values of all outputs that the reference made (on inputs too large to simulate). */
  readonly referenceValues?: number;
}

/** A network that cannot run on the configuration. */
export interface RefusedRow extends RowHead {
  readonly problems: readonly Problem[];
}

export type Row = MeasuredRow | RefusedRow;

/** Whether a row has figures. */
export function isMeasured(row: Row): row is MeasuredRow {
  return "cycles" in row;
}

/** The part of a row that does not depend on the hardware. */
export function rowHead({ label, name, group, scale, inputShape, madds }: Variant): RowHead {
  return { network: label, name, group, scale, input: formatShape(inputShape), madds };
}

/** A row by the cycle model. */
export function predictedRow(variant: Variant, program: Program, memory: MemoryModel): MeasuredRow {
  const prediction = predict(program, memory);
  const { dramReadBytes, dramWriteBytes } = program.statistics;
  return {
    ...rowHead(variant),
    source: "cycle model",
    predictedCycles: prediction.cycles,
    ...figures(program, prediction.cycles, dramReadBytes, dramWriteBytes),
    split: prediction.split,
    loads: prediction.run.loads,
    kinds: kindShares(program, predictedShares(prediction)),
  };
}

/** A row by a simulation. */
export function simulatedRow(variant: Variant, program: Program, report: SimulationReport): MeasuredRow {
  const { cycles, predictedCycles, dramReadBytes, dramWriteBytes, split, loads, comparedValues, mismatches } = report;
  const shares = report.perLayer.map((layer) => layer.cycles);
  return {
    ...rowHead(variant),
    source: "RTL",
    predictedCycles,
    ...figures(program, cycles, dramReadBytes, dramWriteBytes),
    split,
    loads,
    kinds: kindShares(program, shares),
    comparedValues,
    mismatches,
  };
}

function figures({ config, statistics }: Program, cycles: number, dramReadBytes: number, dramWriteBytes: number) {
  const { macs: peakMacs } = deriveFigures(config);
  return {
    cycles,
    peakMacs,
    utilization: statistics.macs / (peakMacs * cycles),
    imagesPerSecond: clockHz / cycles,
    dramReadBytes,
    dramWriteBytes,
    bytesPerMac: (dramReadBytes + dramWriteBytes) / statistics.macs,
  };
}

/** Cycles of each operation; the run's tail goes to the last. */
function predictedShares({ cycles, perLayer }: Prediction): readonly number[] {
  const tail = cycles - perLayer.reduce((sum, layer) => sum + layer.cycles, 0);
  return perLayer.map((layer, i) => layer.cycles + (i === perLayer.length - 1 ? tail : 0));
}

function kindShares({ network, operations, config }: Program, cycles: readonly number[]): readonly KindShare[] {
  const { macs: peakMacs } = deriveFigures(config);
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const kinds = operations.map((operation) =>
    workKind(
      network,
      operation.layers.flatMap((name) => layers.get(name) ?? []),
    ),
  );
  return workKinds.flatMap((kind) => {
    if (!kinds.includes(kind)) return [];
    const sum = (of: (index: number) => number): number =>
      kinds.reduce((total, other, i) => total + (other === kind ? of(i) : 0), 0);
    const share = sum((i) => cycles[i]);
    const macs = sum((i) => operations[i].macs);
    return [{ kind, cycles: share, macs, utilization: share > 0 ? macs / (peakMacs * share) : 0 }];
  });
}
