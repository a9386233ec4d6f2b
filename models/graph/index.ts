export { countMacs, countParameters } from "./count.ts";
export type {
  AddNode,
  ConvNode,
  FloatNetwork,
  FloatParameters,
  GemmNode,
  GlobalAveragePoolNode,
  GraphNode,
  NetworkGraph,
} from "./graph.ts";
export { graphShapes, nodeInputs, nodeOutputShape } from "./graph.ts";
export { runFloat } from "./run-float.ts";
