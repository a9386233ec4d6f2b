import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";

/** Flatten keeps the values in CHW order, so that its output is its input by another name. */
export function readFlatten(node: QuantizedNode, context: ReadContext): void {
  const input = node.activation(0);
  if (input === undefined) return;
  if (node.int("axis", 1) !== 1) {
    node.report("attribute", `attribute axis is ${node.int("axis", 1)}`, "only axis 1, after the batch, is supported");
    return;
  }
  context.alias(node.output, input.name);
}
