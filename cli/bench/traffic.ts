import { Geometry, type Program, storedTensor, transferBytes } from "../../host/index.ts";

/** Bytes that a program must move at least, and those of tensors in between. */
export interface TrafficFloor {
  /** Each constant, the image and each output once; boundaries of blocks that are stored, once each way. */
  readonly parts: Readonly<Record<"weights" | "parameters" | "commands" | "image" | "outputs" | "boundaries", number>>;
  readonly total: number;
  /** Bytes stored of tensors at the end of a block, or outside of blocks, by the layer that makes them. */
  readonly boundaries: ReadonlyMap<string, number>;
  /** The same of tensors inside blocks. */
  readonly inside: ReadonlyMap<string, number>;
}

/** Sums up what a program has in DRAM. */
export function trafficFloor(program: Program): TrafficFloor {
  const { network, segments } = program;
  const bytesOf = (...names: readonly string[]): number =>
    segments.reduce((sum, { name, bytes }) => sum + (names.includes(name) ? bytes.length : 0), 0);
  const placed = (name: string): number => storedTensor(program, name).dram.bytes;
  const stored = storedBetween(program);
  const members = [...network.blocks.values()];
  const isInside = ([name]: readonly [string, number]): boolean =>
    members.some((layers) => layers.slice(0, -1).includes(name));
  const boundaries = new Map([...stored].filter((entry) => !isInside(entry)));
  const parts = {
    weights: bytesOf("weights"),
    parameters: bytesOf("parameters", "tables"),
    commands: bytesOf("commands"),
    image: placed(network.input),
    outputs: network.outputs.reduce((sum, name) => sum + placed(name), 0),
    boundaries: 2 * sum(boundaries.values()),
  };
  return { parts, total: sum(Object.values(parts)), boundaries, inside: new Map([...stored].filter(isInside)) };
}

/** Bytes stored of tensors that are no outputs, by the operation that makes them. */
function storedBetween({ config, network, commands, commandOperations, operations }: Program): Map<string, number> {
  const geometry = new Geometry(config);
  const stored = new Map<string, number>();
  commands.forEach((command, index) => {
    const operation = operations[commandOperations[index]];
    const isOutput = operation === undefined || network.outputs.includes(operation.output);
    if (command.kind !== "storeFeatures" || isOutput) return;
    stored.set(operation.name, (stored.get(operation.name) ?? 0) + transferBytes(geometry, command));
  });
  return stored;
}

/** The sum of some numbers. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
