import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** Flatten keeps the values in CHW order: its output is its input by another name. */
export function readFlatten(node: NodeView, context: FloatContext): void {
  const draft = context.makerOf(node.inputName(0));
  if (draft !== undefined && node.int("axis", 1) === 1) context.alias(node, draft);
  else if (!context.isLost(node.inputName(0)))
    node.report(
      "flatten",
      "it does not flatten an earlier node's result",
      "only axis 1, after the batch, is supported",
    );
}
