import { type Problem, VargenError } from "../errors.ts";
import type { GraphNode, Int8Node, NetworkGraph } from "./graph.ts";

/**
 * The nodes of a graph that the int8 networks of `ir/` can express.
 *
 * @throws VargenError naming every operator that they lack, with its nodes, and further outputs
 */
export function int8Nodes(graph: NetworkGraph): readonly Int8Node[] {
  const lacking = new Map<string, string[]>();
  const nodes = graph.nodes.filter((node): node is Int8Node => {
    const operator = lackingOperator(node);
    if (operator !== undefined) lacking.set(operator, [...(lacking.get(operator) ?? []), node.name]);
    return operator === undefined;
  });
  const problems: Problem[] = [...lacking].map(([operator, [first, ...others]]) => ({
    code: "network/operator",
    path: first,
    message: `int8 networks have no ${operator}, which ${others.length === 0 ? "one node needs" : `${others.length + 1} nodes need`}`,
    hint: `'${graph.name}' can be counted and analysed, not yet quantised`,
  }));
  const { outputs = [] } = graph;
  if (outputs.length > 1)
    problems.push({
      code: "network/outputs",
      path: outputs[1],
      message: `int8 networks have one output, this one has ${outputs.length}`,
    });
  if (problems.length > 0) throw new VargenError(problems);
  return nodes;
}

function lackingOperator(node: GraphNode): string | undefined {
  switch (node.kind) {
    case "conv":
      return node.ceiling === undefined ? undefined : `ReLU${node.ceiling}`;
    case "gemm":
    case "add":
    case "globalAveragePool":
      return undefined;
    case "maxPool":
      return "max pooling";
    case "averagePool":
      return "average pooling";
    case "upsample":
      return "upsampling";
    case "concat":
      return "concatenation";
    case "channelShuffle":
      return "channel shuffle";
    case "split":
      return "split";
  }
}
