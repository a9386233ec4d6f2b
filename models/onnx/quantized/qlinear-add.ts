import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";

/** Inputs: a, scale, zero point; b, scale, zero point; scale and zero point of the sum. */
export function readQLinearAdd(node: QuantizedNode, context: ReadContext): void {
  const a = node.quantizedActivation(0);
  const b = node.quantizedActivation(3);
  const quantization = node.quantization(6, 7);
  if (a === undefined || b === undefined || quantization === undefined) return;
  const { name, output } = node;
  context.addLayer(node, { kind: "add", name, inputs: [a.name, b.name], output }, quantization);
}
