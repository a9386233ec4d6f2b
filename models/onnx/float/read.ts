import { VargenError } from "../../errors.ts";
import type { FloatNetwork } from "../../graph/index.ts";
import { readGraphInput } from "../graph-input.ts";
import { decodeGraph, operatorKey } from "../model.ts";
import { NodeView } from "../node.ts";
import { ReadScope } from "../scope.ts";
import { readAdd } from "./add.ts";
import { readBatchNormalization } from "./batch-normalization.ts";
import { FloatContext } from "./context.ts";
import { readConv } from "./conv.ts";
import { readFlatten } from "./flatten.ts";
import { readGemm } from "./gemm.ts";
import { readGlobalAveragePool } from "./global-average-pool.ts";
import { readRelu } from "./relu.ts";

const operators = new Map<string, (node: NodeView, context: FloatContext) => void>([
  ["Conv", readConv],
  ["BatchNormalization", readBatchNormalization],
  ["Relu", readRelu],
  ["Add", readAdd],
  ["GlobalAveragePool", readGlobalAveragePool],
  ["Flatten", readFlatten],
  ["Gemm", readGemm],
]);

/**
 * Reads a float network from an ONNX file as PyTorch exports it: Conv, BatchNormalization (folded into its Conv), Relu,
 * Add, GlobalAveragePool, Flatten and Gemm.
 *
 * @param fileName named in messages
 * @throws VargenError with all problems, each naming node, attribute or constant, if the file is damaged or holds
 *   anything that cannot be represented
 */
export function readFloatNetwork(bytes: Uint8Array, fileName: string): FloatNetwork {
  const { graph } = decodeGraph(bytes, fileName);
  const scope = new ReadScope(fileName, graph);
  const input = readGraphInput(graph, scope);
  if (input === undefined) throw new VargenError(scope.problems);
  const context = new FloatContext(fileName, graph, input);
  if (input.type !== "float") context.report(`input '${input.name}'`, "input-type", `it is ${input.type}, not float`);
  for (const proto of graph.node ?? []) {
    const node = new NodeView(proto, context);
    const read = operators.get(operatorKey(proto));
    if (read !== undefined) read(node, context);
    else
      node.report(
        "operator",
        `operator ${operatorKey(proto)} is not supported`,
        `float networks consist of ${[...operators.keys()].join(", ")}`,
      );
    context.lose((proto.output ?? []).filter((name) => context.makerOf(name) === undefined));
  }
  const declared = graph.output?.[0]?.name ?? "";
  const output = context.nameOf(declared);
  if (output === undefined && !context.isLost(declared))
    context.report("", "outputs", `no node makes the graph's output '${declared}'`);
  if (output === undefined || context.problems.length > 0) throw new VargenError(context.problems);
  return context.network(graph.name ?? "", [output]);
}
