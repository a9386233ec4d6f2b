import { VargenError } from "../../errors.ts";
import { type FloatNetwork, type FloatParameters, graphShapes, shapeOf } from "../../graph/index.ts";
import { elementCount } from "../../ir/shape.ts";
import { readGraphInput } from "../graph-input.ts";
import { readConstantNode } from "../import/constant-node.ts";
import { foldNode } from "../import/fold.ts";
import { outputTensor } from "../import/host.ts";
import { mapDims, viewOf } from "../import/materialize.ts";
import { ImportNode } from "../import/node.ts";
import { unclamped } from "../import/value.ts";
import { decodeGraph, operatorKey } from "../model.ts";
import type { Graph } from "../proto.ts";
import { ReadScope } from "../scope.ts";
import { FloatContext } from "./context.ts";
import { foldNodes } from "./fold.ts";
import { liftLayers } from "./lift.ts";
import { floatOperators, remedies } from "./operators.ts";

/** Problems that a report lists. */
const maxProblems = 200;

/**
 * Reads a float network from an ONNX file as PyTorch exports it. Batch normalisation, constant factors and offsets, and
 * padding fold into the convolutions around them; Relu and Relu6 become flags of the node that they follow. What finds
 * no convolution to fold into becomes a depthwise 1x1 convolution of its own.
 *
 * @param fileName named in messages
 * @throws VargenError with all problems, each naming node, attribute or constant, if the file is damaged or holds
 *   anything that cannot be represented
 */
export function readFloatNetwork(bytes: Uint8Array, fileName: string): FloatNetwork {
  const { graph, opset } = decodeGraph(bytes, fileName);
  const scope = new ReadScope(fileName, graph);
  const input = readGraphInput(graph, scope);
  if (input === undefined) throw new VargenError(scope.problems);
  const context = new FloatContext(fileName, graph, opset, input);
  const hint =
    input.type === "uint8" || input.type === "int8" ? "is it quantised already? see vargen import" : undefined;
  if (input.type !== "float")
    context.report(`input '${input.name}'`, "input-type", `it is ${input.type}, not float`, hint);
  const elements = elementCount(input.shape);
  if (context.isTooLarge(elements)) {
    context.report(`input '${input.name}'`, "too-large", `it has ${elements} values`, "use a smaller input size");
    throw new VargenError(context.problems);
  }
  readNodes(graph, context);
  const outputs = readOutputs(graph, context);
  if (context.problems.length > 0) throw new VargenError(context.problems.slice(0, maxProblems));
  return foldedNetwork(networkName(graph.name ?? "", fileName), context, outputs);
}

/** The graph's name, or the file's where an exporter gave none of its own. */
function networkName(name: string, fileName: string): string {
  if (!["", "torch_jit", "main_graph", "torch-jit-export"].includes(name)) return name;
  return fileName.replace(/^.*[/\\]/, "").replace(/\.onnx$/, "");
}

function readNodes(graph: Graph, context: FloatContext): void {
  for (const proto of graph.node ?? []) if (operatorKey(proto) === "Constant") readConstantNode(proto, context);
  const { name, shape } = context.graphInput;
  const origin = new ImportNode({ opType: "Input", name, output: [name] }, context);
  const tensor = context.tensor(name);
  context.define(name, { kind: "real", view: viewOf(tensor, mapDims(shape), origin), clamp: unclamped });
  for (const proto of graph.node ?? []) {
    const node = new ImportNode(proto, context);
    const key = operatorKey(proto);
    if (key !== "Constant" && !foldNode(node, key)) readNode(node, key, context);
    context.lose(node.outputs.filter((one) => context.value(one) === undefined && !context.constants.has(one)));
    if (context.problems.length > maxProblems) return;
  }
}

function readNode(node: ImportNode, key: string, context: FloatContext): void {
  const operator = floatOperators.get(key);
  if (operator === undefined) {
    const hint = remedies.get(key) ?? `replace or remove it; supported are ${[...floatOperators.keys()].join(", ")}`;
    node.report("operator", `operator ${key} is not supported`, hint);
    return;
  }
  const unknown = node.attributeNames.filter((name) => !operator.attributes.includes(name));
  for (const name of unknown)
    node.report("attribute", `attribute ${name} is not known for ${key}`, "remove it, or export for opset 11 to 21");
  if (unknown.length === 0) operator.read(node, context);
}

/** Names of the tensors, as read, that are the graph's outputs. */
function readOutputs(graph: Graph, context: FloatContext): readonly string[] {
  const declared = (graph.output ?? []).map(({ name }) => name ?? "");
  if (declared.length === 0) context.report("", "outputs", "the graph has no output", "name a tensor that is made");
  return declared.flatMap((name) => {
    const value = context.value(name);
    if (value === undefined) {
      if (!context.isLost(name))
        context.report("", "outputs", `no node makes the graph's output '${name}'`, "name a tensor that is made");
      return [];
    }
    if ("view" in value && value.view.channelsLast) {
      context.report(
        `output '${name}'`,
        "layout",
        "it has its channels last",
        "export the model channels first (NCHW)",
      );
      return [];
    }
    return outputTensor(value)?.name ?? [];
  });
}

function foldedNetwork(name: string, context: FloatContext, made: readonly string[]): FloatNetwork {
  const { name: input, shape: inputShape } = context.graphInput;
  const lifted = liftLayers(context, input);
  const outputs = made.map((tensor) => lifted.names.get(tensor) ?? tensor);
  const base = { name, input, inputShape };
  const shapes = graphShapes({ ...base, outputs, nodes: lifted.drafts.map(({ node }) => node) });
  const folded = foldNodes(lifted.drafts, outputs, (tensor) => shapeOf(shapes, tensor));
  const parameters = new Map<string, FloatParameters>();
  for (const { node, parameters: given } of folded.drafts) if (given !== undefined) parameters.set(node.name, given);
  const nodes = folded.drafts.map(({ node }) => node);
  return { graph: { ...base, outputs: folded.outputs, nodes }, parameters };
}
