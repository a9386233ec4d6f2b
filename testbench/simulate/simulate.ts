import type { HwConfig } from "../../hdl-gen/index.ts";
import { compile, type Program } from "../../host/index.ts";
import { type Activations, mainOutput, type Network } from "../../models/ir/network.ts";
import { runReference } from "../../models/reference/index.ts";
import type { BuildProgress, CompiledModel } from "../engine/index.ts";
import { buildAccelerator } from "./accelerator-model.ts";
import { Comparator } from "./compare.ts";
import { type ReadCounts, weightReads } from "./read-counts.ts";
import { makeReport, type SimulationReport } from "./report.ts";
import { type MemoryKind, Session, type SessionRun } from "./session.ts";

/** What is going on in a simulation. */
export type SimulationProgress =
  | { readonly stage: "build"; readonly build: BuildProgress }
  /** Every layer's result of the first input is stored and compared. */
  | { readonly stage: "layers"; readonly cycles: number }
  /** Cycles of the input that is running; `done` inputs are through. */
  | { readonly stage: "inputs"; readonly done: number; readonly total: number; readonly cycles: number };

/** What to simulate. */
export interface SimulationRequest {
  readonly network: Network;
  readonly config: HwConfig;
  /** At least one, NCHW, of the network's input type. */
  readonly inputs: readonly Activations[];
  /** Default `ddr`. */
  readonly memory?: MemoryKind;
  /**
   * Run the first input once more with every layer's result stored, and compare those as well. Default true. That run is
   * not the one whose cycles and traffic are reported.
   */
  readonly compareLayers?: boolean;
  /** Count how often each byte of the weights is read. Default false. */
  readonly countReads?: boolean;
  /** The compiled RTL, where the caller has it; default: built or from the cache. */
  readonly model?: CompiledModel;
  /** Changes a program before it is loaded: how tests show that a fault is found. */
  readonly sabotage?: (program: Program) => Program;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/** A report with the outputs that it is about. */
export interface SimulationResult {
  readonly report: SimulationReport;
  /** The RTL's main output for each input, NCHW. */
  readonly outputs: readonly Activations[];
  /** The program of the reported runs, and that of the run with every result stored. */
  readonly program: Program;
  /** Clock cycle of the simulator at which the reported run began. */
  readonly startCycle: number;
  /** Of the first input's run, where asked for. */
  readonly weightReads: ReadCounts | undefined;
  readonly layerRun: { readonly program: Program; readonly run: SessionRun } | undefined;
}

/**
 * Compiles a network, runs it in the simulated RTL through the driver and compares every value that the runs leave in memory
 * with the reference, bit for bit.
 *
 * @throws VargenError if the network does not fit the configuration, Verilator is missing, or the accelerator reports an
 *   error; values that differ are counted in the report instead
 */
export async function simulateNetwork(request: SimulationRequest): Promise<SimulationResult> {
  const { network, config, inputs, memory = "ddr", compareLayers = true, onProgress = () => {} } = request;
  const { sabotage = (program: Program) => program, countReads = false } = request;
  const program = sabotage(compile(network, config));
  const onBuild = (build: BuildProgress): void => onProgress({ stage: "build", build });
  const model = request.model ?? (await buildAccelerator(config, { onProgress: onBuild }));
  const comparator = new Comparator(network);
  const cost = { simulatedCycles: 0, simSeconds: 0 };
  const finish = ({ simulator }: Session): void => {
    cost.simulatedCycles += simulator.statistics.cycles;
    cost.simSeconds += simulator.statistics.seconds;
  };

  let layerRun: SimulationResult["layerRun"];
  if (compareLayers) {
    const storing = sabotage(compile(network, config, { dumpTensors: "all" }));
    const session = await Session.open(model, config, storing, memory);
    const run = await session.run(inputs[0], (cycles) => onProgress({ stage: "layers", cycles }));
    comparator.add(runReference(network, inputs[0]), run.tensors, 0);
    layerRun = { program: storing, run };
    finish(session);
  }

  const session = await Session.open(model, config, program, memory, undefined, countReads);
  const outputs: Activations[] = [];
  let first: SessionRun | undefined;
  let reads: ReadCounts | undefined;
  for (const [done, input] of inputs.entries()) {
    const total = inputs.length;
    const run = await session.run(input, (cycles) => onProgress({ stage: "inputs", done, total, cycles }));
    comparator.add(runReference(network, input), run.tensors, done);
    outputs.push(run.tensors.get(mainOutput(network)) ?? new Int8Array());
    first ??= run;
    if (countReads) reads ??= weightReads(program, session.simulator.memory.storage);
    onProgress({ stage: "inputs", done: done + 1, total, cycles: 0 });
  }
  finish(session);
  if (first === undefined) throw new Error("no inputs to simulate");
  const report = makeReport({ program, memory, run: first, comparator, inputs: inputs.length, ...cost });
  return { report, outputs, program, startCycle: first.startCycle, weightReads: reads, layerRun };
}
