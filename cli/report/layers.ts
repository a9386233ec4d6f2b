import type { Program } from "../../host/index.ts";
import { type Layer, type Network, tensorOf } from "../../models/ir/network.ts";
import { formatShape } from "../../models/ir/shape.ts";
import { type WorkKind, workKind } from "../../models/networks/index.ts";
import { type ArrayStep, type Cause, type CauseCycles, causeCycles, causes } from "./causes.ts";
import { type ReadWrite, readWrite, type Transfer } from "./traffic.ts";

/** One operation of the accelerator: a layer, with what runs in its drain. */
export interface LayerRow {
  /** The layer that makes the result, and all that it stands for. */
  readonly name: string;
  readonly layers: readonly string[];
  /** The network's block that it belongs to; its own name outside any block. */
  readonly block: string;
  readonly kind: WorkKind;
  /** In short: `3x3/2, groups of 8`. */
  readonly work: string;
  /** Channels x height x width. */
  readonly input: string;
  readonly output: string;
  readonly macs: number;
  /** The array's cycles on it, and those in which it waited before; the run's tail goes to the last. They add up to the run. */
  readonly cycles: number;
  /** As the RTL counted them, with --simulate. */
  readonly rtlCycles: number | undefined;
  /** macs / (MAC units x cycles). */
  readonly utilization: number;
  /** Over the DRAM bus for it, commands not included. */
  readonly dram: ReadWrite;
  readonly split: CauseCycles;
  /** What it lost most cycles to; undefined if none. */
  readonly lostTo: Cause | undefined;
}

/** A row for each operation of a program. @param rtlCycles as counted, where the RTL ran */
export function layerRows(
  program: Program,
  steps: readonly ArrayStep[],
  transfers: readonly Transfer[],
  peakMacs: number,
  rtlCycles?: readonly number[],
): readonly LayerRow[] {
  const { network } = program;
  const blocks = new Map([...network.blocks].flatMap(([block, members]) => members.map((name) => [name, block])));
  return program.operations.map(({ name, layers, macs }, index) => {
    const members = network.layers.filter((layer) => layers.includes(layer.name));
    const own = steps.filter(({ operation }) => operation === index);
    const split = causeCycles(own);
    const cycles = own.reduce((sum, { from, end }) => sum + end - from, 0);
    return {
      ...{ name, layers, macs, cycles, split },
      block: blocks.get(name) ?? blocks.get(layers[0]) ?? name,
      kind: workKind(network, members),
      ...shapesOf(network, members),
      rtlCycles: rtlCycles?.[index],
      utilization: cycles > 0 ? macs / (peakMacs * cycles) : 0,
      dram: readWrite(transfers.filter(({ operation }) => operation === index)),
      lostTo: largestLoss(split),
    };
  });
}

/** What a split loses most cycles to. */
export function largestLoss(split: CauseCycles): Cause | undefined {
  const losses = causes.filter((cause) => cause !== "useful" && split[cause] >= 0.5);
  return losses.sort((a, b) => split[b] - split[a])[0];
}

/** What some layers that run as one do, named by the one with weights or else the first. */
function shapesOf(network: Network, members: readonly Layer[]): Pick<LayerRow, "work" | "input" | "output"> {
  const main = members.find(({ kind }) => kind === "conv" || kind === "gemm") ?? members[0];
  if (main === undefined) return { work: "", input: "", output: "" };
  const shape = (name: string): string => formatShape(tensorOf(network, name).shape);
  const input = shape("inputs" in main ? main.inputs[0] : main.input);
  const added = members.some(({ kind }) => kind === "add") && main.kind !== "add" ? " + add" : "";
  return { work: `${workOf(network, main)}${added}`, input, output: shape(main.output) };
}

function workOf(network: Network, layer: Layer): string {
  if (layer.kind === "gemm") return "fully connected";
  if (!("kernel" in layer)) return layer.kind;
  const { kernel, stride } = layer;
  const window = `${kernel.height}x${kernel.width}${stride.y * stride.x > 1 ? ` /${stride.y}` : ""}`;
  if (layer.kind !== "conv") return `${layer.kind} ${window}`;
  const channels = tensorOf(network, layer.input).shape.channels / layer.groups;
  if (layer.groups === 1) return window;
  return channels === 1 ? `${window} depthwise` : `${window} groups of ${channels}`;
}
