import type { FeatureShape } from "../ir/network.ts";
import { elementTypeName, toNumber } from "./constant.ts";
import type { Graph } from "./proto.ts";
import type { ReadScope } from "./scope.ts";

/** The one activation input of a graph. */
export interface GraphInput {
  readonly name: string;
  readonly shape: FeatureShape;
  /** Its element type, such as `float`. */
  readonly type: string;
}

/** Finds the graph's input and its shape, with batch 1 where the batch is left open. */
export function readGraphInput(graph: Graph, scope: ReadScope): GraphInput | undefined {
  const inputs = (graph.input ?? []).filter(({ name }) => !scope.constants.has(name ?? ""));
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    const names = inputs.map(({ name }) => `'${name}'`).join(", ");
    scope.report("", "inputs", `the graph has ${inputs.length} inputs ${names}`, "networks have one input");
    return undefined;
  }
  const name = input.name ?? "";
  const type = input.type?.tensorType;
  const dims = (type?.shape?.dim ?? []).map((dim) => (dim.dimParam ? undefined : toNumber(dim.dimValue ?? 0)));
  const [batch = 1, channels = 0, height = 0, width = 0] = dims;
  const fixed = [channels, height, width].every((extent) => Number.isSafeInteger(extent) && extent >= 1);
  if (dims.length === 4 && batch === 1 && fixed)
    return { name, shape: { channels, height, width }, type: elementTypeName(type?.elemType) };
  const given = dims.map((dim) => dim ?? "?").join(", ");
  scope.report(`input '${name}'`, "input-shape", `its shape is [${given}]`, "fix it to [1, channels, height, width]");
  return undefined;
}
