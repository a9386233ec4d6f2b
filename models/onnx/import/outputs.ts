import type { Graph } from "../proto.ts";
import type { ImportContext } from "./context.ts";
import { outputTensor } from "./host.ts";

/** An output of the file. */
export interface ImportedOutput {
  readonly name: string;
  /** The network's output that holds its values; several outputs of the file may share one. */
  readonly tensor: string;
  /** Whether the file gives real numbers: the tensor's integers less their zero point, times their scale. */
  readonly real: boolean;
  /** Whether the file gives it channels last; the network's tensors are all channels first. */
  readonly channelsLast: boolean;
  /** The operator, such as Softmax, that the host still has to compute from the tensor. */
  readonly host: string | undefined;
}

/** The graph's outputs, in order; undefined where a problem was reported. */
export function readOutputs(graph: Graph, context: ImportContext): readonly ImportedOutput[] | undefined {
  const declared = (graph.output ?? []).map(({ name }) => name ?? "");
  if (declared.length === 0) context.report("", "outputs", "the graph has no output", "name a tensor that is made");
  if (context.problems.length > 0) return undefined;
  const outputs = declared.flatMap((name) => readOutput(name, context) ?? []);
  return context.problems.length > 0 ? undefined : outputs;
}

function readOutput(name: string, context: ImportContext): ImportedOutput | undefined {
  const value = context.value(name);
  if (value === undefined) {
    context.report("", "outputs", `no node makes the graph's output '${name}'`, "name a tensor that is made");
    return undefined;
  }
  if (value.kind !== "integer" && value.kind !== "real" && value.kind !== "host") {
    const hint = "quantise it: QuantizeLinear and DequantizeLinear before the output";
    context.report(`output '${name}'`, "unquantized", "the graph's output is not quantised", hint);
    return undefined;
  }
  const tensor = outputTensor(value);
  if (tensor === undefined) return undefined;
  const { channelsLast } = value.view;
  const host = value.kind === "host" ? value.node.operator : undefined;
  return { name, tensor: tensor.name, real: value.kind === "real", channelsLast, host };
}
