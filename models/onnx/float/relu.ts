import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** A flag of the convolution, addition or fully connected layer that it follows. */
export function readRelu(node: NodeView, context: FloatContext): void {
  const draft = context.foldable(node, ["conv", "add", "gemm"]);
  if (draft === undefined || draft.node.kind === "globalAveragePool") return;
  draft.node = { ...draft.node, relu: true };
  context.alias(node, draft);
}
