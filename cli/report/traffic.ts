import { COMMAND_BYTES, Geometry, type Program, transferBytes } from "../../host/index.ts";

/** What bytes over the DRAM bus are. */
export const trafficKinds = ["weights", "parameters", "commands", "image", "output", "maps"] as const;
export type TrafficKind = (typeof trafficKinds)[number];

/** What the kinds mean. */
export const trafficText: Readonly<Record<TrafficKind, string>> = {
  weights: "weights",
  parameters: "biases, scales and tables",
  commands: "commands",
  image: "the input image",
  output: "the network's outputs",
  maps: "maps between layers that do not stay on chip",
};

/** One transfer over the bus. */
export interface Transfer {
  /** Index of the command. */
  readonly command: number;
  readonly operation: number;
  readonly direction: "read" | "write";
  readonly kind: TrafficKind;
  readonly bytes: number;
  /** For maps: the tensor, or one of those that share its storage. */
  readonly tensor: string | undefined;
}

/** Bytes read and written. */
export interface ReadWrite {
  readonly read: number;
  readonly write: number;
}

/** Every load and store of a program. Commands themselves, which are fetched as they are needed, are not among them. */
export function transfersOf(program: Program): readonly Transfer[] {
  const geometry = new Geometry(program.config);
  const ownerOf = tensorFinder(program);
  return program.commands.flatMap((command, index): readonly Transfer[] => {
    const bytes = transferBytes(geometry, command);
    if (bytes === 0) return [];
    const operation = program.commandOperations[index];
    const head = { command: index, operation, bytes, direction: "read" as const, tensor: undefined };
    if (command.kind === "loadWeights") return [{ ...head, kind: "weights" }];
    if (command.kind !== "loadFeatures" && command.kind !== "storeFeatures") return [{ ...head, kind: "parameters" }];
    const { kind, tensor } = ownerOf(command.memoryOffset);
    return [{ ...head, kind, tensor, direction: command.kind === "loadFeatures" ? "read" : "write" }];
  });
}

/** Bytes by kind, commands among them. */
export function trafficByKind(
  program: Program,
  transfers: readonly Transfer[],
): Readonly<Record<TrafficKind, ReadWrite>> {
  const sum = (kind: TrafficKind): ReadWrite => readWrite(transfers.filter((transfer) => transfer.kind === kind));
  const commands = { read: program.commands.length * COMMAND_BYTES, write: 0 };
  return Object.fromEntries(trafficKinds.map((kind) => [kind, kind === "commands" ? commands : sum(kind)])) as Record<
    TrafficKind,
    ReadWrite
  >;
}

/** Sums of some transfers. */
export function readWrite(transfers: readonly Transfer[]): ReadWrite {
  const sum = (direction: Transfer["direction"]): number =>
    transfers.reduce((total, transfer) => total + (transfer.direction === direction ? transfer.bytes : 0), 0);
  return { read: sum("read"), write: sum("write") };
}

/** Maps between layers that go through DRAM, largest first. */
export function spilledMaps(transfers: readonly Transfer[]): readonly (ReadWrite & { readonly tensor: string })[] {
  const maps = transfers.filter(({ kind }) => kind === "maps");
  const names = [...new Set(maps.map(({ tensor }) => tensor ?? "?"))];
  return names
    .map((name) => ({ tensor: name, ...readWrite(maps.filter(({ tensor }) => (tensor ?? "?") === name)) }))
    .sort((a, b) => b.read + b.write - a.read - a.write);
}

/** Tells by an offset in the memory window whose features lie there. */
function tensorFinder({ network, tensors }: Program) {
  const places = [...tensors].flatMap(([name, { dram }]) =>
    dram === undefined ? [] : [{ name, from: dram.offset, to: dram.offset + dram.bytes }],
  );
  const kindOf = (name: string): TrafficKind => {
    if (name === network.input) return "image";
    return network.outputs.includes(name) ? "output" : "maps";
  };
  return (offset: number): { readonly kind: TrafficKind; readonly tensor: string | undefined } => {
    const owners = places.filter(({ from, to }) => offset >= from && offset < to).map(({ name }) => name);
    // Views of one storage share its bytes: the input and the outputs give them their kind.
    const named = owners.find((name) => kindOf(name) !== "maps") ?? owners[owners.length - 1];
    return { kind: named === undefined ? "maps" : kindOf(named), tensor: named };
  };
}
