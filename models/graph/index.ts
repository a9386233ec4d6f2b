export { countMacs, countParameters, nodeMacs } from "./count.ts";
export type {
  AddNode,
  ChannelShuffleNode,
  ChannelsNode,
  ConcatNode,
  ConvNode,
  FloatNetwork,
  FloatParameters,
  GemmNode,
  GlobalAveragePoolNode,
  GraphNode,
  NetworkGraph,
  PoolNode,
  SplitNode,
  UpsampleNode,
} from "./graph.ts";
export { runFloat } from "./run-float.ts";
export { graphShapes, nodeInputs, nodeOutputShape, shapeOf } from "./shapes.ts";
