import type { FeatureShape } from "../ir/network.ts";
import { elementTypeName, toNumber } from "./constant.ts";
import type { ReadContext } from "./context.ts";
import { NodeView } from "./node.ts";
import type { Graph, Node } from "./proto.ts";

/** The one activation input of a graph. */
export interface GraphInput {
  readonly name: string;
  readonly shape: FeatureShape;
}

/**
 * Finds the graph's input. An integer one becomes the network's input at once, quantised as its first reader has it; a
 * float one waits for its QuantizeLinear.
 */
export function readGraphInput(graph: Graph, context: ReadContext): GraphInput | undefined {
  const inputs = (graph.input ?? []).filter(({ name }) => !context.constants.has(name ?? ""));
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    const names = inputs.map(({ name }) => `'${name}'`).join(", ");
    context.report("", "inputs", `the graph has ${inputs.length} inputs ${names}`, "networks have one input");
    return undefined;
  }
  const name = input.name ?? "";
  const type = input.type?.tensorType;
  const dims = (type?.shape?.dim ?? []).map((dim) => (dim.dimParam ? undefined : toNumber(dim.dimValue ?? 0)));
  const [batch = 1, channels = 0, height = 0, width = 0] = dims;
  const fixed = [channels, height, width].every((extent) => Number.isSafeInteger(extent) && extent >= 1);
  if (dims.length !== 4 || batch !== 1 || !fixed) {
    const given = dims.map((dim) => dim ?? "?").join(", ");
    context.report(
      `input '${name}'`,
      "input-shape",
      `its shape is [${given}]`,
      "fix it to [1, channels, height, width]",
    );
    return undefined;
  }
  const result = { name, shape: { channels, height, width } };
  const typeName = elementTypeName(type?.elemType);
  if (typeName === "float") return result;
  const quantization = firstReaderQuantization(name, graph.node ?? [], context);
  if (quantization === undefined) return undefined;
  if (quantization.dtype !== typeName)
    context.report(`input '${name}'`, "input-type", `it is ${typeName}, but read as ${quantization.dtype}`);
  context.defineInput({ ...result, quantization });
  return result;
}

function firstReaderQuantization(name: string, nodes: readonly Node[], context: ReadContext) {
  for (const node of nodes) {
    const index = (node.input ?? []).indexOf(name);
    if (index >= 0 && node.opType !== "Flatten") return new NodeView(node, context).quantization(index + 1, index + 2);
  }
  context.report(`input '${name}'`, "inputs", "no node reads it");
  return undefined;
}
