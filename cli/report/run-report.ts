import { deriveFigures, type HwConfig } from "../../hdl-gen/index.ts";
import { memoryModels, type Program, timeline } from "../../host/index.ts";
import { tensorOf } from "../../models/ir/network.ts";
import { formatShape } from "../../models/ir/shape.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import type { MemoryKind } from "../../testbench/simulate/session.ts";
import { type Burst, burstsOf } from "./bursts.ts";
import { type ArrayStep, arraySteps, type CauseCycles, causeCycles } from "./causes.ts";
import { type LayerRow, layerRows } from "./layers.ts";
import { type Overview, overviewOf } from "./overview.ts";
import { type Roofline, rooflineOf } from "./roofline.ts";
import { type ReadWrite, spilledMaps, type TrafficKind, trafficByKind, transfersOf } from "./traffic.ts";
import { type Window, windowsOf } from "./windows.ts";

/** One run of a network on a configuration: what `vargen report` writes as JSON and shows as a page. */
export interface RunReport {
  readonly network: string;
  /** Channels x height x width. */
  readonly input: string;
  readonly configuration: HwConfig;
  readonly memory: { readonly name: MemoryKind; readonly readLatency: number };
  /** Where `cycles`, `utilization` and what follows from them come from. */
  readonly source: "cycle model" | "RTL";
  readonly command: string;
  readonly clockHz: number;
  readonly cycles: number;
  readonly predictedCycles: number;
  readonly macs: number;
  readonly peakMacs: number;
  /** macs / (peakMacs x cycles), everything from start to done included. */
  readonly utilization: number;
  readonly imagesPerSecond: number;
  readonly dram: ReadWrite;
  readonly onChip: OnChip;
  /** Cycles of the cycle model by what they go to; they add up to `predictedCycles`. */
  readonly split: CauseCycles;
  /** With --simulate: the RTL's counters, values compared and values that differ. */
  readonly rtl: Rtl | undefined;
  readonly layers: readonly LayerRow[];
  readonly traffic: Readonly<Record<TrafficKind, ReadWrite>>;
  readonly spilled: readonly (ReadWrite & { readonly tensor: string })[];
  readonly roofline: Roofline;
  /** The whole run in equal slices of time. */
  readonly overview: Overview;
  /** When each block's computations ran. */
  readonly windows: readonly Window[];
}

/** On-chip memory. */
export interface OnChip {
  readonly featureBytes: number;
  readonly weightBytes: number;
  readonly parameterBytes: number;
  readonly tableBytes: number;
  /** Estimated BRAM36 of all. */
  readonly bram36: number;
}

type Rtl = Pick<
  SimulationReport,
  "cycles" | "split" | "loads" | "comparedValues" | "mismatches" | "dramReadBytes" | "dramWriteBytes"
>;

/** What a report is made of. */
export interface RunReportSource {
  readonly program: Program;
  readonly memory: MemoryKind;
  readonly clockHz: number;
  /** The command line that makes it again. */
  readonly command: string;
  readonly simulation: SimulationReport | undefined;
}

/** A report with the array's steps that its detailed pictures show. */
export interface DetailedReport {
  readonly report: RunReport;
  readonly program: Program;
  readonly steps: readonly ArrayStep[];
  readonly bursts: readonly Burst[];
}

/** Analyses a run by the cycle model, with the RTL's figures where it ran too. */
export function makeRunReport({ program, memory, clockHz, command, simulation }: RunReportSource): DetailedReport {
  const { network, config, statistics } = program;
  const run = timeline(program, memoryModels[memory]);
  const steps = arraySteps(program, run);
  const transfers = transfersOf(program);
  const { macs: peakMacs, axiBytes, ...figures } = deriveFigures(config);
  const { readLatency } = memoryModels[memory];
  const bursts = burstsOf(transfers, run);
  const { featureBytes, weightBytes, parameterBytes, tableBytes, bram36 } = figures;
  const cycles = simulation?.cycles ?? run.cycles;
  const utilization = statistics.macs / (peakMacs * cycles);
  const rtlCycles = simulation?.perLayer.map((layer) => layer.cycles);
  const layers = layerRows(program, steps, transfers, peakMacs, rtlCycles);
  const dram = {
    read: simulation?.dramReadBytes ?? statistics.dramReadBytes,
    write: simulation?.dramWriteBytes ?? statistics.dramWriteBytes,
  };
  const report: RunReport = {
    network: network.name,
    input: formatShape(tensorOf(network, network.input).shape),
    configuration: config,
    memory: { name: memory, readLatency },
    source: simulation === undefined ? "cycle model" : "RTL",
    ...{ command, clockHz, cycles, predictedCycles: run.cycles, macs: statistics.macs, peakMacs, utilization },
    imagesPerSecond: clockHz / cycles,
    dram,
    onChip: { featureBytes, weightBytes, parameterBytes, tableBytes, bram36 },
    split: causeCycles(steps),
    rtl: simulation === undefined ? undefined : rtlFacts(simulation),
    layers,
    traffic: trafficByKind(program, transfers),
    spilled: spilledMaps(transfers),
    roofline: rooflineOf(layers, { peakMacs, bytesPerCycle: axiBytes, macs: statistics.macs, cycles, dram }),
    overview: overviewOf(steps, bursts, run.cycles),
    windows: windowsOf(layers, steps),
  };
  return { report, program, steps, bursts };
}

function rtlFacts(simulation: SimulationReport): Rtl {
  const { cycles, split, loads, comparedValues, mismatches, dramReadBytes, dramWriteBytes } = simulation;
  return { cycles, split, loads, comparedValues, mismatches, dramReadBytes, dramWriteBytes };
}
