import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";

/** Inputs: x, scale, zero point; scale and zero point of y. */
export function readQLinearGlobalAveragePool(node: QuantizedNode, context: ReadContext): void {
  const input = node.quantizedActivation(0);
  const quantization = node.quantization(3, 4);
  if (input === undefined || quantization === undefined) return;
  if (node.int("channels_last", 0) !== 0) {
    node.report("attribute", "attribute channels_last is not 0", "export the model channels first (NCHW)");
    return;
  }
  const { name, output } = node;
  context.addLayer(node, { kind: "globalAveragePool", name, input: input.name, output }, quantization);
}
