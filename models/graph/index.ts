export { countMacs, countParameters, nodeMacs } from "./count.ts";
export type {
  AddNode,
  ChannelShuffleNode,
  ConcatNode,
  ConvNode,
  FloatNetwork,
  FloatParameters,
  GemmNode,
  GlobalAveragePoolNode,
  GraphNode,
  Int8Node,
  NetworkGraph,
  PoolNode,
  SplitNode,
  UpsampleNode,
} from "./graph.ts";
export { runFloat } from "./run-float.ts";
export { graphShapes, nodeInputs, nodeOutputShape, shapeOf } from "./shapes.ts";
