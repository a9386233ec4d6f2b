import type { GraphInput } from "../graph-input.ts";
import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";

/** QuantizeLinear of the graph's float input defines the network's input. */
export function readQuantizeLinear(node: QuantizedNode, context: ReadContext, input: GraphInput): void {
  const quantization = node.quantization(1, 2);
  if (quantization === undefined) return;
  if (node.inputName(0) !== input.name || context.input !== undefined) {
    node.report("operator", "only the network's input may be quantised", "export the model in QOperator form");
    return;
  }
  context.defineInput({ name: node.output, shape: input.shape, quantization });
}

/** DequantizeLinear, which only the network's output may have, gives that output another name. */
export function readDequantizeLinear(node: QuantizedNode, context: ReadContext): void {
  const input = node.quantizedActivation(0);
  if (input !== undefined) context.alias(node.output, input.name);
}
