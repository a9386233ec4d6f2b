import { VargenError } from "../errors.ts";
import type { Network } from "../ir/network.ts";
import { networkProblems } from "../ir/validate.ts";
import { ReadContext } from "./context.ts";
import { type GraphInput, readGraphInput } from "./graph-input.ts";
import { NodeView } from "./node.ts";
import { readQGemm } from "./operators/qgemm.ts";
import { readQLinearAdd } from "./operators/qlinear-add.ts";
import { readQLinearConv } from "./operators/qlinear-conv.ts";
import { readQLinearGlobalAveragePool } from "./operators/qlinear-global-average-pool.ts";
import { readDequantizeLinear, readQuantizeLinear } from "./operators/quantize.ts";
import { readFlatten } from "./operators/shape.ts";
import { decodeModel, type Graph } from "./proto.ts";

type OperatorReader = (node: NodeView, context: ReadContext, input: GraphInput) => void;

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
  if (input !== undefined) readNodes(graph, context, input);
  const network = finish(graph, context);
  if (context.problems.length > 0 || network === undefined) throw new VargenError(context.problems);
  const problems = networkProblems(network);
  if (problems.length > 0) throw new VargenError(problems.map((p) => ({ ...p, path: `${fileName}: ${p.path}` })));
  return network;
}

function decodeGraph(bytes: Uint8Array, fileName: string): Graph {
  const hint = "check that the file is ONNX and complete";
  try {
    const { graph } = decodeModel(bytes);
    if (graph && (graph.node ?? []).length > 0) return graph;
  } catch (error) {
    const message = `it cannot be decoded as ONNX: ${error instanceof Error ? error.message : String(error)}`;
    throw new VargenError([{ code: "onnx/damaged", path: fileName, message, hint }]);
  }
  throw new VargenError([{ code: "onnx/damaged", path: fileName, message: "it holds no ONNX graph", hint }]);
}

function readNodes(graph: Graph, context: ReadContext, input: GraphInput): void {
  for (const proto of graph.node ?? []) {
    const node = new NodeView(proto, context);
    const domain = proto.domain === "" || proto.domain === "ai.onnx" || !proto.domain ? "" : `${proto.domain}.`;
    const read = operators.get(`${domain}${node.operator}`);
    if (read !== undefined) read(node, context, input);
    else {
      const known = [...operators.keys()].join(", ");
      node.report("operator", `operator ${domain}${node.operator} is not supported`, `supported are ${known}`);
    }
    context.finishNode(proto.output ?? []);
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
