import { presets } from "../../hdl-gen/index.ts";
import type { Layer, Network } from "../../models/ir/network.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import { simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { parseVariant } from "../compare/variant.ts";
import { randomInputs } from "../inputs.ts";
import { group } from "../report-text.ts";
import type { BenchRequest } from "./measure-layer.ts";
import type { BenchNetwork } from "./networks.ts";
import { type Figure, figure, least, most } from "./row.ts";
import { sum, trafficFloor } from "./traffic.ts";

/** A whole network in RTL, with both memories. */
export interface NetworkResult {
  readonly network: string;
  readonly preset: string;
  /** With `ddr`, every layer compared; with `ideal`, the outputs. */
  readonly report: SimulationReport;
  readonly ideal: SimulationReport;
  readonly figures: readonly Figure[];
}

/** Share by which the cycle model may be off with `ddr`. */
const MODEL_ERROR = 0.01;
/** Traffic over what must be moved. */
const TRAFFIC = 1.02;

/** Runs a network with random weights and one random image. */
export async function measureNetwork(bench: BenchNetwork, request: BenchRequest): Promise<NetworkResult> {
  const { seed, onStep, onSimulation } = request;
  const config = presets[bench.preset];
  const size = { scale: undefined, group: undefined, inputSize: undefined, classes: undefined };
  const variant = parseVariant(bench.network, { ...size, seed, groupWidth: config.groupWidth });
  onStep(`${variant.label} on ${config.name}, memory ddr`);
  const network = variant.build();
  const inputs = randomInputs(network, 1, seed);
  const common = { network, config, inputs, onProgress: onSimulation };
  const { report, program, weightReads } = await simulateNetwork({ ...common, memory: "ddr", countReads: true });
  onStep(`${variant.label} on ${config.name}, memory ideal`);
  const { report: ideal } = await simulateNetwork({ ...common, memory: "ideal", compareLayers: false });
  const name = `${variant.label}, ${config.name}`;
  const figures = [
    figure(`${name}: useful MACs`, "percent", report.utilization, least(bench.target), cyclesNote(report)),
    ...layerFigures(name, bench, network, report),
    figure(`${name}: model - RTL, ideal`, "cycles", ideal.predictedCycles - ideal.cycles, equal, cyclesNote(ideal)),
    figure(
      `${name}: model off, ddr`,
      "percent",
      Math.abs(report.predictedCycles / report.cycles - 1),
      most(MODEL_ERROR),
      `predicted ${group(report.predictedCycles)}`,
    ),
    ...trafficFigures(name, program, report),
  ];
  if (weightReads !== undefined) {
    const { bytes, min, max } = weightReads;
    const note = `${group(bytes)} bytes, counted by address; least ${min}`;
    const reads = figure(`${name}: most reads of a weight`, "times", max, most(1), note);
    figures.push(min === 0 ? { ...reads, met: false } : reads);
  }
  return { network: variant.label, preset: config.name, report, ideal, figures };
}

const equal: Figure["target"] = { at: "equal", value: 0 };

const cyclesNote = ({ cycles }: SimulationReport): string => `${group(cycles)} cycles`;

/** The least and the median of what 3x3 group convolutions and 1x1 layers use. */
function layerFigures(
  name: string,
  { layerTargets }: BenchNetwork,
  network: Network,
  { perLayer }: SimulationReport,
): readonly Figure[] {
  if (layerTargets === undefined) return [];
  const meant = new Set(network.layers.filter(isGroupOrPoint).map((layer) => layer.name));
  const rows = perLayer
    .filter(({ layers }) => layers.some((layer) => meant.has(layer)))
    .sort((a, b) => a.utilization - b.utilization);
  const [worst] = rows;
  const median = rows[Math.floor(rows.length / 2)];
  return [
    figure(`${name}: worst layer`, "percent", worst.utilization, least(layerTargets.least), worst.name),
    figure(`${name}: median layer`, "percent", median.utilization, least(layerTargets.median), `of ${rows.length}`),
  ];
}

function isGroupOrPoint(layer: Layer): boolean {
  if (layer.kind !== "conv") return false;
  const taps = layer.kernel.height * layer.kernel.width;
  return taps === 1 || (taps === 9 && layer.groups > 1);
}

function trafficFigures(
  name: string,
  program: Parameters<typeof trafficFloor>[0],
  { dramReadBytes, dramWriteBytes }: SimulationReport,
): readonly Figure[] {
  const { parts, total, inside, boundaries } = trafficFloor(program);
  const bytes = dramReadBytes + dramWriteBytes;
  const sums = Object.entries(parts).map(([part, size]) => `${part} ${group(size)}`);
  const list = (tensors: ReadonlyMap<string, number>): string => [...tensors.keys()].join(", ") || "none";
  const kept = `made by: ${list(inside)}; at the end of blocks: ${list(boundaries)}`;
  return [
    figure(
      `${name}: DRAM bytes / needed`,
      "ratio",
      bytes / total,
      most(TRAFFIC),
      `${group(bytes)}; ${sums.join(", ")}`,
    ),
    figure(`${name}: stored inside blocks`, "bytes", sum(inside.values()), most(0), kept),
  ];
}
