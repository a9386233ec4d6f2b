import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** Input: the feature map. */
export function readGlobalAveragePool(node: NodeView, context: FloatContext): void {
  const input = context.activation(node, 0);
  if (input !== undefined)
    context.add(node, { kind: "globalAveragePool", name: node.name, input: input.name }, input.shape);
}
