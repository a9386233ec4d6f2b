import { hostAfter } from "./host.ts";
import type { ImportNode } from "./node.ts";
import type { ViewOperator } from "./value.ts";

/** Operators at most between one and its quantisation. */
const maxAfter = 32;

/**
 * Applies an operator that works on integers and real values alike to input 0 and defines an output: at once, or, where
 * the input is still to be quantised, after its quantisation.
 */
export function applyView(node: ImportNode, operator: ViewOperator, output: string = node.output): void {
  const { context } = node;
  const value = node.value(0);
  if (value === undefined || output === "" || hostAfter(node, value)) return;
  if (value.kind === "draft") {
    if (value.after.length >= maxAfter) {
      node.report("unquantized", `${maxAfter} operators follow ${value.draft.node.label}`, "quantise its result");
      return;
    }
    context.define(output, { ...value, after: [...value.after, operator] });
    return;
  }
  if (value.kind === "input") {
    node.report(
      "unquantized",
      `input '${node.inputName(0)}' is the graph's float input`,
      "quantise the input first: QuantizeLinear",
    );
    return;
  }
  if (value.kind === "constant") {
    node.report("constant-input", `input '${node.inputName(0)}' is a constant`, "fold it into an initializer");
    return;
  }
  const view = operator(value.view);
  if (view !== undefined) context.define(output, { ...value, view });
}
