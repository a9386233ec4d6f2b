import { formatShape, sameShape } from "../../ir/shape.ts";
import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** Inputs: two activations of one shape. */
export function readAdd(node: NodeView, context: FloatContext): void {
  const a = context.activation(node, 0);
  const b = context.activation(node, 1);
  if (a === undefined || b === undefined) return;
  if (sameShape(a.shape, b.shape))
    context.add(node, { kind: "add", name: node.name, inputs: [a.name, b.name], relu: false }, a.shape);
  else
    node.report(
      "add-shape",
      `'${a.name}' is ${formatShape(a.shape)}, '${b.name}' ${formatShape(b.shape)}`,
      "operands are not broadcast",
    );
}
