import type { GraphNode } from "../graph/index.ts";
import type { FeatureShape, Layer } from "../ir/network.ts";

type WeightlessNode = Exclude<GraphNode, { readonly kind: "conv" | "gemm" }>;

/** Operators whose results are within the range of their input's values. */
type KeepingNode = Extract<
  GraphNode,
  { readonly kind: "maxPool" | "averagePool" | "upsample" | "channelShuffle" | "split" | "channels" }
>;

/** Whether a node's output is quantised as its input is. */
export function keepsQuantization(node: GraphNode): node is KeepingNode {
  return ["maxPool", "averagePool", "upsample", "channelShuffle", "split", "channels"].includes(node.kind);
}

/** The int8 layer of a node without weights. */
export function dataLayer(node: WeightlessNode, shapes: ReadonlyMap<string, FeatureShape>): Layer {
  const { name } = node;
  switch (node.kind) {
    case "add":
      return { kind: "add", name, inputs: node.inputs, output: name };
    case "concat":
      return { kind: "concat", name, inputs: node.inputs, output: name };
    case "globalAveragePool":
      return { kind: "globalAveragePool", name, input: node.input, output: name };
    case "upsample":
      return { kind: "upsample", name, input: node.input, output: name };
    case "maxPool":
    case "averagePool": {
      const { input, kernel, stride, padding } = node;
      const base = { name, input, output: name, kernel, stride, padding };
      return node.kind === "maxPool"
        ? { kind: "maxPool", ...base }
        : { kind: "averagePool", ...base, countIncludePad: node.countIncludePad ?? false };
    }
    case "split": {
      const order = Int32Array.from({ length: node.channels }, (_, i) => node.start + i);
      return { kind: "channels", name, input: node.input, output: name, order };
    }
    case "channels":
      return { kind: "channels", name, input: node.input, output: name, order: node.order };
    case "channelShuffle": {
      const { groups, input } = node;
      const channels = shapes.get(input)?.channels ?? 0;
      const order = Int32Array.from(
        { length: channels },
        (_, to) => (to % groups) * (channels / groups) + Math.floor(to / groups),
      );
      return { kind: "channels", name, input, output: name, order };
    }
  }
}
