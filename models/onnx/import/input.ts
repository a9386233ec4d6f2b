import type { TensorInfo } from "../../ir/network.ts";
import { toNumber } from "../constant.ts";
import { type GraphInput, readGraphInput } from "../graph-input.ts";
import { operatorKey } from "../model.ts";
import type { Graph, Node } from "../proto.ts";
import type { ImportContext } from "./context.ts";
import { mapDims, viewOf } from "./materialize.ts";
import { ImportNode } from "./node.ts";
import { quantizationPreserving } from "./operators.ts";
import type { View } from "./value.ts";

/** The graph's input; its shape is channels first, whatever the file's is. */
export interface ImportedInput extends GraphInput {
  /** Whether the file takes it channels last, and transposes it before anything else. */
  readonly channelsLast: boolean;
}

/** Finds the graph's input. */
export function readInput(graph: Graph, context: ImportContext): ImportedInput | undefined {
  const input = readGraphInput(graph, context);
  if (input === undefined || !isTransposed(input.name, graph.node ?? []))
    return input && { ...input, channelsLast: false };
  const { channels: height, height: width, width: channels } = input.shape;
  return { ...input, shape: { channels, height, width }, channelsLast: true };
}

/** Operators that may stand between the input and its transposition. */
const elementwise: ReadonlySet<string> = new Set(["QuantizeLinear", "DequantizeLinear", "Identity", "Dropout"]);

/** Whether all that read a tensor, as it is or quantised, move its last axis to the channels' place. */
function isTransposed(name: string, nodes: readonly Node[]): boolean {
  const same = new Set([name]);
  let transposed = false;
  for (const node of nodes) {
    if (!same.has(node.input?.[0] ?? "")) {
      if ((node.input ?? []).some((one) => same.has(one))) return false;
      continue;
    }
    const key = operatorKey(node);
    const perm = node.attribute?.find((attribute) => attribute.name === "perm")?.ints ?? [];
    if (elementwise.has(key)) for (const output of node.output ?? []) same.add(output);
    else if (key !== "Transpose" || perm.map(toNumber).join() !== "0,3,1,2") return false;
    else transposed = true;
  }
  return transposed;
}

/** The network's input as the file's nodes see it. */
export function inputView(tensor: TensorInfo, channelsLast: boolean, origin: ImportNode): View {
  const { channels, height, width } = tensor.shape;
  return viewOf(tensor, channelsLast ? [1, height, width, channels] : mapDims(tensor.shape), origin, channelsLast);
}

/**
 * Makes an integer graph input the network's input, quantised as its first reader has it. A float one waits for its
 * QuantizeLinear.
 */
export function defineInput(input: ImportedInput, nodes: readonly Node[], context: ImportContext): void {
  const { name, shape, type, channelsLast } = input;
  if (!channelsLast) context.inputShape = shape;
  if (type === "float") {
    context.define(name, { kind: "input", channelsLast });
    return;
  }
  const same = new Set([name]);
  const reader = nodes.find((node) => {
    const reads = (node.input ?? []).some((one) => same.has(one));
    if (!reads || !quantizationPreserving.has(node.opType ?? "")) return reads;
    for (const output of node.output ?? []) same.add(output);
    return false;
  });
  if (reader === undefined) {
    context.report(`input '${name}'`, "inputs", "no node with a scale reads it", "quantise the network");
    return;
  }
  const index = (reader.input ?? []).findIndex((one) => same.has(one));
  const dtype = type === "int8" || type === "uint8" ? type : undefined;
  const quantization = new ImportNode(reader, context).quantization(index + 1, index + 2, dtype);
  if (quantization === undefined) context.lose([name]);
  else if (quantization.dtype !== type)
    context.report(`input '${name}'`, "input-type", `it is ${type}, but read as ${quantization.dtype}`);
  else {
    const tensor = { name, shape, quantization };
    context.defineInput(tensor);
    const origin = new ImportNode({ opType: "Input", name, output: [name] }, context);
    context.define(name, { kind: "integer", view: inputView(tensor, channelsLast, origin) });
  }
}
