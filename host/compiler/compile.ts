import { type HwConfig, presetNames, presets } from "../../hdl-gen/index.ts";
import { type Problem, VargenError } from "../../models/errors.ts";
import { type Network, tensorOf } from "../../models/ir/network.ts";
import { encodeCommands } from "../isa/index.ts";
import { Geometry } from "./geometry.ts";
import { ImageBuilder } from "./image/builder.ts";
import { type LoweredNetwork, lowerNetwork } from "./lower/lower-network.ts";
import { FitError } from "./place/fit-error.ts";
import { rolesOf } from "./place/lifetimes.ts";
import { type Placement, placeTensors } from "./place/residency.ts";
import type { OperationInfo, Program, TensorPlace } from "./program.ts";
import { Emitter } from "./schedule/emitter.ts";
import { hoistLoads } from "./schedule/hoist.ts";
import { OperationSchedule } from "./schedule/operation.ts";
import type { Step } from "./schedule/step.ts";
import { type DramTensor, transferSteps } from "./schedule/transfer.ts";
import { residentView } from "./schedule/view.ts";
import { assignWaits } from "./schedule/waits.ts";
import { statisticsOf } from "./statistics.ts";

/** Choices of {@link compile}. */
export interface CompileOptions {
  /**
   * Tensors to be stored to DRAM besides the output: all that exist (additions stay fused), or those named (which then
   * exist by themselves). Default: none.
   */
  readonly dumpTensors?: "all" | readonly string[];
}

/**
 * Compiles a sound network for one hardware configuration.
 *
 * Layers run one after another. Tensors stay on chip where they fit; the others live in DRAM and pass through buffers in
 * strips of rows. Weights stream through their memory, loads running ahead of the computations.
 *
 * @throws VargenError naming all layers that the hardware cannot run; or, with the exit code `doesNotFit`, the layer and
 *   tensor that do not fit on chip, the bytes needed and available, and the presets that would do
 */
export function compile(network: Network, config: HwConfig, options: CompileOptions = {}): Program {
  const dump = dumpedTensors(network, options);
  const lowered = lowerNetwork(network, options.dumpTensors === "all" ? new Set() : dump);
  try {
    return schedule(network, new Geometry(config), lowered, dump);
  } catch (error) {
    if (error instanceof FitError) throw error.withHint(presetHint(network, config, lowered));
    throw error;
  }
}

function dumpedTensors(network: Network, { dumpTensors = [] }: CompileOptions): ReadonlySet<string> {
  if (dumpTensors === "all") return new Set(network.layers.map(({ output }) => output));
  const unknown = dumpTensors.filter((name) => !network.tensors.has(name));
  if (unknown.length === 0) return new Set(dumpTensors);
  const problem = (path: string): Problem => ({ code: "compile/unknown-tensor", path, message: "no such tensor" });
  throw new VargenError(unknown.map(problem));
}

/** Which presets the network fits, for the message that it does not fit the one wanted. */
function presetHint(network: Network, config: HwConfig, lowered: LoweredNetwork): string {
  const fitting = presetNames.filter((name) => {
    if (name === config.name) return false;
    try {
      schedule(network, new Geometry(presets[name]), lowered, new Set());
      return true;
    } catch (error) {
      if (error instanceof VargenError) return false;
      throw error;
    }
  });
  return fitting.length > 0 ? `it fits ${fitting.join(", ")}` : "it fits no preset: give a configuration more depth";
}

function schedule(network: Network, geometry: Geometry, lowered: LoweredNetwork, dump: ReadonlySet<string>): Program {
  checkPadding(geometry, lowered);
  const placement = placeTensors(geometry, network, lowered);
  const image = new ImageBuilder();
  const dram = reserveTensors(network, geometry, lowered, placement, dump, image);
  const emitter = new Emitter(geometry, image, dram);
  lowered.operations.forEach((operation, index) => {
    if (index === firstReader(lowered, network.input)) moveWhole("loadFeatures", network.input, index);
    new OperationSchedule(emitter, placement, operation, index).emit();
    if (dram.has(operation.output)) moveWhole("storeFeatures", operation.output, index);
  });
  const end = { kind: "end", waitLoad: 0, waitCompute: 0, waitStore: 0 } as const;
  const ahead = Math.max(1, geometry.config.commandQueueDepth - 1);
  const steps: readonly Step[] = [
    ...hoistLoads(emitter.steps, ahead),
    { command: end, reads: [], writes: [], operation: -1 },
  ];
  const commands = assignWaits(steps);
  const commandOffset = image.add("commands", encodeCommands(commands));
  const operations = lowered.operations.map((operation, index): OperationInfo => {
    const { name, layers, output, macs } = operation;
    const { splits, rows } = placement.plans[index];
    return { name, layers, output, macs, strips: splits.length * Math.ceil(operation.outputShape.height / rows) };
  });
  return {
    config: geometry.config,
    network,
    commands,
    commandOperations: steps.map(({ operation }) => operation),
    operations,
    tensors: tensorPlaces(network, geometry, lowered, placement, dram),
    segments: image.segments(),
    memoryBytes: image.size,
    commandOffset,
    statistics: statisticsOf(geometry, commands, operations, image.size),
  };

  /** Moves a tensor that stays on chip between there and DRAM; nothing for one that does not. */
  function moveWhole(kind: "loadFeatures" | "storeFeatures", name: string, index: number): void {
    const base = placement.resident.get(name);
    const place = dram.get(name);
    if (base === undefined || place === undefined) return;
    const { shape } = place.tensor;
    const endGroup = geometry.channelGroups(shape.channels);
    const region = { firstRow: 0, endRow: shape.height, firstGroup: 0, endGroup };
    emitter.steps.push(...transferSteps(kind, geometry, place, residentView(geometry, shape, base), region, index));
  }
}

/** Places in DRAM: the input, the output, what is to be dumped, and what does not stay on chip. */
function reserveTensors(
  network: Network,
  geometry: Geometry,
  lowered: LoweredNetwork,
  placement: Placement,
  dump: ReadonlySet<string>,
  image: ImageBuilder,
): ReadonlyMap<string, DramTensor> {
  const made = lowered.operations.map(({ output }) => output);
  const wanted = (name: string): boolean => name === network.output || dump.has(name) || !placement.resident.has(name);
  const names = new Set([network.input, ...made.filter(wanted)]);
  return new Map(
    [...names].map((name) => {
      const tensor = tensorOf(network, name);
      return [name, { tensor, offset: image.reserve(geometry.tensorBytes(tensor.shape)) }];
    }),
  );
}

function tensorPlaces(
  network: Network,
  geometry: Geometry,
  { fused }: LoweredNetwork,
  { resident }: Placement,
  dram: ReadonlyMap<string, DramTensor>,
): ReadonlyMap<string, TensorPlace> {
  const places = [...network.tensors].map(([name, tensor]): [string, TensorPlace] => {
    const offset = dram.get(name)?.offset;
    const base = resident.get(name);
    const { shape } = tensor;
    return [
      name,
      {
        tensor,
        dram: offset === undefined ? undefined : { offset, bytes: geometry.tensorBytes(shape) },
        chip: base === undefined ? undefined : { base, words: geometry.tensorWords(shape) },
        fusedInto: fused.get(name),
      },
    ];
  });
  return new Map(places);
}

function firstReader({ operations }: LoweredNetwork, tensor: string): number {
  return operations.findIndex((operation) => rolesOf(operation).some(([, name]) => name === tensor));
}

/** The column of the first tap is given in tiles of P, at least -8. */
function checkPadding(geometry: Geometry, { operations }: LoweredNetwork): void {
  const most = 8 * geometry.banks;
  const problems = operations
    .filter(({ padding }) => padding.left > most)
    .map(({ name, padding }): Problem => {
      const message = `padding at the left is ${padding.left}, more than 8 * P = ${most}`;
      return { code: "compile/limit", path: name, message };
    });
  if (problems.length > 0) throw new VargenError(problems);
}
