import { type Network, tensorOf } from "../../../models/ir/network.ts";
import { encodeCommands } from "../../isa/index.ts";
import type { Geometry } from "../geometry.ts";
import { ImageBuilder } from "../image/builder.ts";
import type { LoweredNetwork } from "../lower/lower-network.ts";
import { rolesOf } from "../place/lifetimes.ts";
import type { Placement } from "../place/residency.ts";
import type { Plan } from "../plan.ts";
import type { OperationInfo, Program, TensorPlace } from "../program.ts";
import { statisticsOf } from "../statistics.ts";
import { Emitter } from "./emitter.ts";
import { hoistLoads } from "./hoist.ts";
import { OperationSchedule } from "./operation.ts";
import type { Step } from "./step.ts";
import { type DramTensor, transferSteps } from "./transfer.ts";
import { residentView } from "./view.ts";
import { assignWaits } from "./waits.ts";

/**
 * Writes the program of a plan.
 * @param dump tensors to store besides the output
 * @throws FitError if the weights of a block exceed the weight memory
 */
export function scheduleProgram(
  network: Network,
  geometry: Geometry,
  { lowered, placement }: Plan,
  dump: ReadonlySet<string>,
): Program {
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
  const wanted = (name: string): boolean =>
    network.outputs.includes(name) || dump.has(name) || !placement.resident.has(name);
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
