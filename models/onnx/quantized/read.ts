import { VargenError } from "../../errors.ts";
import type { Network } from "../../ir/network.ts";
import { networkProblems } from "../../ir/validate.ts";
import { type GraphInput, readGraphInput } from "../graph-input.ts";
import { decodeGraph, operatorKey } from "../model.ts";
import type { Graph } from "../proto.ts";
import { ReadContext } from "./context.ts";
import { defineIntegerInput } from "./input.ts";
import { QuantizedNode } from "./node.ts";
import { readQGemm } from "./qgemm.ts";
import { readQLinearAdd } from "./qlinear-add.ts";
import { readQLinearConv } from "./qlinear-conv.ts";
import { readQLinearGlobalAveragePool } from "./qlinear-global-average-pool.ts";
import { readDequantizeLinear, readQuantizeLinear } from "./quantize.ts";
import { readFlatten } from "./shape.ts";

type OperatorReader = (node: QuantizedNode, context: ReadContext, input: GraphInput) => void;

/** Readers by domain and operator. */
const operators = new Map<string, OperatorReader>([
  ["QLinearConv", readQLinearConv],
  ["com.microsoft.QLinearAdd", readQLinearAdd],
  ["com.microsoft.QLinearGlobalAveragePool", readQLinearGlobalAveragePool],
  ["com.microsoft.QGemm", readQGemm],
  ["QuantizeLinear", readQuantizeLinear],
  ["DequantizeLinear", readDequantizeLinear],
  ["Flatten", readFlatten],
]);

/**
 * Reads a quantised network from an ONNX file in QOperator form: QLinearConv, QLinearAdd, QLinearGlobalAveragePool,
 * QGemm, Flatten, with QuantizeLinear at the input and DequantizeLinear at the output where they are.
 *
 * @param fileName named in messages
 * @throws VargenError with all problems, each naming node, attribute or constant, if the file is damaged or holds
 *   anything that cannot be represented
 */
export function readNetwork(bytes: Uint8Array, fileName: string): Network {
  const graph = decodeGraph(bytes, fileName);
  const context = new ReadContext(fileName, graph);
  const input = readGraphInput(graph, context);
  if (input !== undefined) {
    defineIntegerInput(input, graph.node ?? [], context);
    readNodes(graph, context, input);
  }
  const network = finish(graph, context);
  if (context.problems.length > 0 || network === undefined) throw new VargenError(context.problems);
  const problems = networkProblems(network);
  if (problems.length > 0) throw new VargenError(problems.map((p) => ({ ...p, path: `${fileName}: ${p.path}` })));
  return network;
}

function readNodes(graph: Graph, context: ReadContext, input: GraphInput): void {
  for (const proto of graph.node ?? []) {
    const node = new QuantizedNode(proto, context);
    const key = operatorKey(proto);
    const read = operators.get(key);
    if (read !== undefined) read(node, context, input);
    else
      node.report(
        "operator",
        `operator ${key} is not supported`,
        `quantised networks consist of ${[...operators.keys()].join(", ")}`,
      );
    context.lose((proto.output ?? []).filter((name) => context.tensor(name) === undefined));
  }
}

function finish(graph: Graph, context: ReadContext): Network | undefined {
  const declared = graph.output?.[0]?.name ?? "";
  if (context.problems.length > 0) return undefined;
  const output = context.tensor(declared)?.name;
  if (output === undefined || context.input === undefined) {
    context.report("", "outputs", `no node makes the graph's output '${declared}'`);
    return undefined;
  }
  return context.network(graph.name ?? "", context.input, output);
}
