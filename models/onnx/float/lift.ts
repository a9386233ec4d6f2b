import type { FloatParameters, GraphNode } from "../../graph/index.ts";
import type { ConvLayer, Layer } from "../../ir/network.ts";
import type { FloatContext, FloatPart } from "./context.ts";

/** A node of the graph that may still change: neighbours may be folded into it. */
export interface Draft {
  node: GraphNode;
  parameters?: FloatParameters;
  /** Whether it is an operator on each value by itself, see {@link FloatPart}. */
  readonly elementwise: boolean;
  /** Whether it is nothing but padding. */
  readonly pads: boolean;
}

/**
 * The nodes of a float graph from the layers that the importer's readers made. A node is named after its layer, and its
 * tensor after the node.
 *
 * @param input name of the graph's input, which no node gets
 * @returns the nodes, and for each of the reader's tensors its name in the graph
 */
export function liftLayers(context: FloatContext, input: string) {
  const names = new Map([[input, input]]);
  const taken = new Set([input]);
  const drafts = context.layers.map((layer): Draft => {
    const name = freeName(layer.name, taken);
    taken.add(name);
    names.set(layer.output, name);
    const part = context.part(layer.name);
    return { ...lifted(layer, name, (tensor) => names.get(tensor) ?? tensor, part) };
  });
  return { drafts, names };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let suffix = 2; taken.has(free); suffix++) free = `${name}.${suffix}`;
  return free;
}

function lifted(layer: Layer, name: string, rename: (tensor: string) => string, part: FloatPart | undefined): Draft {
  const base = { elementwise: part?.elementwise ?? false, pads: layer.kind === "conv" && part === undefined };
  switch (layer.kind) {
    case "conv": {
      const { groups, kernel, stride, padding, bias } = layer;
      const input = rename(layer.input);
      const node = { kind: "conv", name, input, groups, kernel, stride, padding, outputChannels: bias.length } as const;
      const parameters = part?.parameters ?? realParameters(layer);
      return { node: { ...node, batchNorm: false, ...bounds(part) }, parameters, ...base };
    }
    case "gemm": {
      const node = { kind: "gemm", name, input: rename(layer.input), outputChannels: layer.bias.length } as const;
      return { node: { ...node, relu: false }, parameters: part?.parameters ?? realParameters(layer), ...base };
    }
    case "add":
      return {
        node: { kind: "add", name, inputs: [rename(layer.inputs[0]), rename(layer.inputs[1])], relu: false },
        ...base,
      };
    case "concat":
      return { node: { kind: "concat", name, inputs: layer.inputs.map(rename) }, ...base };
    case "globalAveragePool":
    case "upsample":
      return { node: { kind: layer.kind, name, input: rename(layer.input) }, ...base };
    case "maxPool":
    case "averagePool": {
      const { kind, kernel, stride, padding } = layer;
      const node = { name, input: rename(layer.input), kernel, stride, padding };
      if (kind === "maxPool") return { node: { kind, ...node }, ...base };
      return { node: { kind, ...node, ...(layer.countIncludePad ? { countIncludePad: true } : {}) }, ...base };
    }
    case "channels":
      return { node: { kind: "channels", name, input: rename(layer.input), order: layer.order }, ...base };
    case "requantize":
      throw new Error(`layer ${layer.name} changes a quantisation in a float graph`);
  }
}

function bounds(part: FloatPart | undefined): { readonly relu: boolean; readonly ceiling?: number } {
  const { relu = false, ceiling = Number.POSITIVE_INFINITY } = part ?? {};
  return Number.isFinite(ceiling) ? { relu, ceiling } : { relu };
}

/** Real values of weights that the importer made itself: ones, to pad a map. */
function realParameters({ weights, weightScales, bias }: Pick<ConvLayer, "weights" | "weightScales" | "bias">) {
  const depth = weights.length / bias.length;
  return {
    weights: Float32Array.from(weights, (weight, i) => weight * weightScales[Math.floor(i / depth)]),
    bias: Float32Array.from(bias),
  };
}
