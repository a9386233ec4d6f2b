import type { Network } from "../../../models/ir/network.ts";
import { encodeCommands } from "../../isa/index.ts";
import { spanOf, stepsOf } from "../fuse/fused-unit.ts";
import { unitsOf } from "../fuse/unit.ts";
import type { Geometry } from "../geometry.ts";
import { ImageBuilder } from "../image/builder.ts";
import { type DramStorage, reserveStorage, storageBytes } from "../image/dram-storage.ts";
import type { Layout } from "../layout/layout.ts";
import { type Part, partsOf, type Storage, storageWords, type TensorView } from "../layout/storage.ts";
import type { InputPacking } from "../lower/pack-input.ts";
import type { Placement } from "../place/residency.ts";
import { rolesOf } from "../place/roles.ts";
import { stripsOf } from "../place/strip.ts";
import type { Plan } from "../plan.ts";
import type { OperationInfo, Program, TensorPlace } from "../program.ts";
import { statisticsOf } from "../statistics.ts";
import { Emitter } from "./emitter.ts";
import { FusedSchedule } from "./fused.ts";
import { OperationSchedule } from "./operation.ts";
import { orderSteps } from "./order.ts";
import { RowTransfer } from "./row-transfer.ts";
import type { Step } from "./step.ts";
import { assignWaits } from "./waits.ts";

/**
 * Writes the program of a plan.
 * @param dump tensors to store besides the output
 * @throws FitError if the weights of a block exceed the weight memory
 */
export function scheduleProgram(
  network: Network,
  geometry: Geometry,
  { layout, fused, placement, packing }: Plan,
  dump: ReadonlySet<string>,
): Program {
  const image = new ImageBuilder();
  const wanted = wantedParts(geometry, layout, [...network.outputs, ...dump]);
  const dram = reserveStorages(geometry, layout, placement, network.input, wanted, image);
  const emitter = new Emitter(geometry, image, dram);
  const inputView = viewOf(layout, network.input);
  const firstReader = layout.operations.findIndex((op) =>
    rolesOf(op).some(([, { storage }]) => storage === inputView.storage),
  );
  const [input, last] = [inputView.storage, layout.operations.length - 1];
  const fusedUnits = new Map(placement.fused.map((fusedUnit) => [fusedUnit.unit.first, fusedUnit]));
  for (const { first, operations } of unitsOf(layout.operations, placement.fused.map(spanOf))) {
    const reads = firstReader >= first && firstReader < first + operations.length;
    const arriving = reads ? transferOf("loadFeatures", input, input.parts[0], firstReader) : undefined;
    const leaving = operations.map(({ part, output }, index) =>
      wanted.has(part) ? transferOf("storeFeatures", output.storage, part, first + index) : undefined,
    );
    const fusedUnit = fusedUnits.get(first);
    if (fusedUnit !== undefined) {
      arriving?.rows(input.height);
      new FusedSchedule(emitter, placement, fusedUnit, wanted, leaving).emit();
      continue;
    }
    const [operation] = operations;
    // Only the input that an operation computes from comes row by row.
    if (operation.input.storage !== input || operation.residual?.storage === input) arriving?.rows(input.height);
    const outermost = arriving !== undefined || (leaving[0] !== undefined && first === last);
    const boundary = { arriving, leaving: leaving[0], outermost };
    new OperationSchedule(emitter, placement, operation, first, boundary).emit();
    arriving?.rows(input.height);
    leaving[0]?.rows(operation.output.storage.height);
  }
  const end = { kind: "end", waitLoad: 0, waitCompute: 0, waitStore: 0 } as const;
  const steps: readonly Step[] = [
    ...orderSteps(geometry, emitter.steps),
    { command: end, reads: [], writes: [], operation: -1 },
  ];
  const commands = assignWaits(steps);
  const commandOffset = image.add("commands", encodeCommands(commands));
  const operations = layout.operations.map((operation, index): OperationInfo => {
    const { name, layers, macs } = operation;
    const { splits, rows, columns } = placement.plans[index];
    const output = network.layers.find((layer) => layer.name === name)?.output ?? "";
    const alone = splits.length * stripsOf(operation, rows, columns).length;
    return { name, layers, output, macs, strips: stepsOf(placement.fused, index) ?? alone };
  });
  return {
    config: geometry.config,
    network,
    commands,
    commandOperations: steps.map(({ operation }) => operation),
    operations,
    tensors: withPacking(
      tensorPlaces(network, geometry, layout, fused, wanted, placement, dram),
      network.input,
      packing,
    ),
    segments: image.segments(),
    memoryBytes: image.size,
    commandOffset,
    statistics: statisticsOf(geometry, commands, operations, image.size),
  };

  /** Moves a part of a storage that stays on chip between there and DRAM; undefined for one that does not. */
  function transferOf(
    kind: "loadFeatures" | "storeFeatures",
    storage: Storage,
    part: Part,
    operation: number,
  ): RowTransfer | undefined {
    const base = placement.resident.get(storage.name);
    const place = dram.get(storage);
    if (base === undefined || place === undefined) return undefined;
    return new RowTransfer(emitter, kind, place, base, part, operation);
  }
}

function viewOf({ views }: Layout, tensor: string): TensorView {
  const view = views.get(tensor);
  if (view === undefined) throw new Error(`tensor '${tensor}' is not laid out`);
  return view;
}

/** Parts that must be in DRAM after a run, because the tensors named lie in them. */
function wantedParts(geometry: Geometry, { views }: Layout, tensors: readonly string[]): ReadonlySet<Part> {
  const wanted = tensors.flatMap((name) => views.get(name) ?? []);
  return new Set(wanted.flatMap((view) => partsOf(geometry, view)));
}

/** Places in DRAM: for the input, for what is wanted there, and for what does not stay on chip. */
function reserveStorages(
  geometry: Geometry,
  { views }: Layout,
  { resident, inner }: Placement,
  input: string,
  wanted: ReadonlySet<Part>,
  image: ImageBuilder,
): ReadonlyMap<Storage, DramStorage> {
  const needed = [...views.values()].filter(
    ({ tensor, storage }) =>
      tensor === input ||
      !(resident.has(storage.name) || inner.has(storage)) ||
      storage.parts.some((part) => wanted.has(part)),
  );
  const storages = new Set(needed.map(({ storage }) => storage));
  return new Map([...storages].map((storage) => [storage, reserveStorage(geometry, image, storage)]));
}

function tensorPlaces(
  network: Network,
  geometry: Geometry,
  { views }: Layout,
  fused: ReadonlyMap<string, string>,
  wanted: ReadonlySet<Part>,
  { resident, inner }: Placement,
  dram: ReadonlyMap<Storage, DramStorage>,
): ReadonlyMap<string, TensorPlace> {
  const places = [...network.tensors].map(([name, tensor]): [string, TensorPlace] => {
    const view = views.get(name);
    if (view === undefined) return [name, { tensor, dram: undefined, chip: undefined, fusedInto: fused.get(name) }];
    const { storage, channels } = view;
    const base = resident.get(storage.name);
    const inDram =
      (base === undefined && !inner.has(storage)) ||
      name === network.input ||
      partsOf(geometry, view).every((part) => wanted.has(part));
    const place = inDram ? dram.get(storage) : undefined;
    return [
      name,
      {
        tensor,
        dram: place === undefined ? undefined : { ...place, bytes: storageBytes(geometry, storage), channels },
        chip: base === undefined ? undefined : { base, words: storageWords(storage) },
        fusedInto: undefined,
      },
    ];
  });
  return new Map(places);
}

/** The places with the way in which the host packs the input. */
function withPacking(
  places: ReadonlyMap<string, TensorPlace>,
  input: string,
  packing: InputPacking | undefined,
): ReadonlyMap<string, TensorPlace> {
  const place = places.get(input);
  return place === undefined || packing === undefined ? places : new Map([...places, [input, { ...place, packing }]]);
}
