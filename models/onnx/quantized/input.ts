import type { GraphInput } from "../graph-input.ts";
import type { Node } from "../proto.ts";
import type { ReadContext } from "./context.ts";
import { QuantizedNode } from "./node.ts";

/**
 * Makes an integer graph input the network's input, quantised as its first reader has it. A float one waits for its
 * QuantizeLinear.
 */
export function defineIntegerInput(input: GraphInput, nodes: readonly Node[], context: ReadContext): void {
  if (input.type === "float") return;
  const { name, shape } = input;
  const reader = nodes.find((node) => (node.input ?? []).includes(name) && node.opType !== "Flatten");
  if (reader === undefined) {
    context.report(`input '${name}'`, "inputs", "no node reads it");
    return;
  }
  const index = (reader.input ?? []).indexOf(name);
  const quantization = new QuantizedNode(reader, context).quantization(index + 1, index + 2);
  if (quantization === undefined) context.lose([name]);
  else if (quantization.dtype === input.type) context.defineInput({ name, shape, quantization });
  else context.report(`input '${name}'`, "input-type", `it is ${input.type}, but read as ${quantization.dtype}`);
}
