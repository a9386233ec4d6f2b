import type { GraphInput } from "../graph-input.ts";
import type { Node } from "../proto.ts";
import type { ImportContext } from "./context.ts";
import { ImportNode } from "./node.ts";
import { quantizationPreserving } from "./operators.ts";

/**
 * Makes an integer graph input the network's input, quantised as its first reader has it. A float one waits for its
 * QuantizeLinear.
 */
export function defineIntegerInput(input: GraphInput, nodes: readonly Node[], context: ImportContext): void {
  if (input.type === "float") return;
  const { name, shape } = input;
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
  const dtype = input.type === "int8" || input.type === "uint8" ? input.type : undefined;
  const quantization = new ImportNode(reader, context).quantization(index + 1, index + 2, dtype);
  if (quantization === undefined) context.lose([name]);
  else if (quantization.dtype === input.type) context.defineInput({ name, shape, quantization });
  else context.report(`input '${name}'`, "input-type", `it is ${input.type}, but read as ${quantization.dtype}`);
}
