import { materialize, materializeReal } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import type { Value, View } from "./value.ts";

/**
 * Softmax, Sigmoid, ArgMax and the like: they may only end a graph. The network ends with what they read, and the host
 * computes them.
 */
export function readHost(node: ImportNode): void {
  const value = node.value(0);
  if (value === undefined || hostAfter(node, value)) return;
  const view = value.kind === "integer" ? value.view : node.realTensor(0)?.view;
  if (view !== undefined) end(node, view, node);
}

/** Passes on what the host makes; operators that change neither values nor their meaning much may follow it. */
export function hostAfter(node: ImportNode, value: Value): boolean {
  if (value.kind !== "host") return false;
  end(node, value.view, value.node);
  return true;
}

function end(node: ImportNode, view: View, maker: ImportNode): void {
  node.context.note(node, "host", "left to the host: the network ends before it");
  node.context.define(node.output, { kind: "host", view, node: maker });
}

/** The tensor that holds an output's values, as far as the network makes them; undefined where that was reported. */
export function outputTensor(value: Value) {
  if (value.kind === "integer" || value.kind === "host") return materialize(value.view);
  return value.kind === "real" ? materializeReal(value.view.origin, value)?.tensor : undefined;
}
