import type { HwConfig } from "../../hdl-gen/index.ts";
import type { SimulationReport } from "../../testbench/simulate/report.ts";
import { type SimulationProgress, simulateNetwork } from "../../testbench/simulate/simulate.ts";
import { randomInputs } from "../inputs.ts";
import { type LayerBound, layerBound } from "./bound.ts";
import { type BenchLayer, layerNetwork } from "./layers.ts";
import { type Figure, figure, least } from "./row.ts";

/** How to measure. */
export interface BenchRequest {
  readonly seed: number;
  readonly onStep: (text: string) => void;
  readonly onSimulation: (progress: SimulationProgress) => void;
}

/** A single layer, cold, in RTL. */
export interface LayerResult {
  readonly layer: BenchLayer;
  readonly report: SimulationReport;
  readonly bound: LayerBound;
  readonly figure: Figure;
}

/** Runs a layer on a configuration with the `ddr` memory; everything it reads and writes is in DRAM. */
export async function measureLayer(layer: BenchLayer, config: HwConfig, request: BenchRequest): Promise<LayerResult> {
  const { seed, onStep, onSimulation } = request;
  onStep(`${layer.name} on ${config.name}`);
  const network = layerNetwork(layer, seed);
  const inputs = randomInputs(network, 1, seed);
  const simulation = { network, config, inputs, compareLayers: false, onProgress: onSimulation };
  const { report, program } = await simulateNetwork(simulation);
  const target = layer.target === undefined ? undefined : least(layer.target);
  return {
    layer,
    report,
    bound: layerBound(program, layer, report.memory),
    figure: figure(layer.name, "percent", report.utilization, target),
  };
}
