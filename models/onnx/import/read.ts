import { VargenError } from "../../errors.ts";
import type { Network } from "../../ir/network.ts";
import { networkProblems } from "../../ir/validate.ts";
import { decodeGraph, operatorKey } from "../model.ts";
import type { Graph } from "../proto.ts";
import { readConstantNode } from "./constant-node.ts";
import { ImportContext } from "./context.ts";
import type { NodeCoverage } from "./coverage.ts";
import { foldNode } from "./fold.ts";
import { defineInput, type ImportedInput, readInput } from "./input.ts";
import { ImportNode } from "./node.ts";
import { operators } from "./operators.ts";
import { type ImportedOutput, readOutputs } from "./outputs.ts";

/** Problems that a report lists; more are counted. */
const maxProblems = 200;

/** A network read from an ONNX file. */
export interface ImportedNetwork {
  readonly network: Network;
  /** What became of each node of the file, in order. */
  readonly coverage: readonly NodeCoverage[];
  /** The file's input. */
  readonly input: ImportedInput;
  /** The file's outputs, in order. */
  readonly outputs: readonly ImportedOutput[];
}

/**
 * Reads a quantised network from an ONNX file of opset 11 to 21, in QDQ form (float operators between DequantizeLinear
 * and QuantizeLinear), in QOperator form (QLinearConv and so on), or mixed.
 *
 * Semantics of QDQ graphs: DequantizeLinear, operator, QuantizeLinear is the integer operator that ONNX Runtime fuses
 * them into (QLinearConv, QGemm, QLinearAdd, QLinearConcat, QLinearAveragePool, QLinearGlobalAveragePool; MatMul as
 * QLinearMatMul); Relu and Clip are clamps of its result.
 *
 * @param fileName named in messages
 * @throws VargenError with all problems, each naming node, attribute or constant, if the file is damaged or holds
 *   anything that cannot be represented
 */
export function importNetwork(bytes: Uint8Array, fileName: string): ImportedNetwork {
  const { graph, opset } = decodeGraph(bytes, fileName);
  const context = new ImportContext(fileName, graph, opset);
  if (opset < 11 || opset > 21)
    context.report("", "opset", `it is written for opset ${opset}`, "export or convert it for opset 11 to 21");
  const input = readInput(graph, context);
  const nodes: ImportNode[] = [];
  if (input !== undefined) {
    const elements = input.shape.channels * input.shape.height * input.shape.width;
    if (context.isTooLarge(elements))
      context.report(`input '${input.name}'`, "too-large", `it has ${elements} values`, "use a smaller input size");
    else readNodes(graph, context, input, nodes);
  }
  const outputs = readOutputs(graph, context);
  if (context.problems.length > 0 || outputs === undefined || input === undefined || context.input === undefined)
    throw failure(context);
  // Two of the graph's outputs can be one tensor: reshaped, or dequantised.
  const tensors = new Set(outputs.map(({ tensor }) => tensor));
  const network = context.network(graph.name ?? "", context.input, [...tensors]);
  const problems = networkProblems(network);
  if (problems.length > 0) throw new VargenError(problems.map((p) => ({ ...p, path: `${fileName}: ${p.path}` })));
  return { network, coverage: context.coverage(nodes), input, outputs };
}

/** Reads the network alone, see {@link importNetwork}. */
export function readNetwork(bytes: Uint8Array, fileName: string): Network {
  return importNetwork(bytes, fileName).network;
}

function readNodes(graph: Graph, context: ImportContext, input: ImportedInput, nodes: ImportNode[]): void {
  for (const proto of graph.node ?? []) if (operatorKey(proto) === "Constant") readConstantNode(proto, context);
  defineInput(input, graph.node ?? [], context);
  for (const proto of graph.node ?? []) {
    const node = new ImportNode(proto, context);
    const key = operatorKey(proto);
    nodes.push(node);
    if (key === "Constant") context.note(node, "host", "a constant, folded at import");
    else readNode(node, key, input);
    context.lose(node.outputs.filter((name) => context.value(name) === undefined && !context.constants.has(name)));
    if (context.problems.length > maxProblems) return;
  }
}

function readNode(node: ImportNode, key: string, input: ImportedInput): void {
  if (foldNode(node, key)) return;
  const operator = operators.get(key);
  if (operator === undefined) {
    const known = [...operators.keys()].join(", ");
    node.report("operator", `operator ${key} is not supported`, `replace or remove it; supported are ${known}`);
    return;
  }
  const unknown = node.attributeNames.filter((name) => !operator.attributes.includes(name));
  for (const name of unknown)
    node.report("attribute", `attribute ${name} is not known for ${key}`, "remove it, or export for opset 11 to 21");
  if (unknown.length === 0) operator.read(node, input);
}

function failure({ problems }: ImportContext): VargenError {
  if (problems.length <= maxProblems) return new VargenError(problems);
  const more = { code: "onnx/more", path: problems[0].path, message: `and more than ${maxProblems} other problems` };
  return new VargenError([...problems.slice(0, maxProblems), more]);
}
