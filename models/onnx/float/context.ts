import type { FloatParameters } from "../../graph/index.ts";
import type { ConvLayer, GemmLayer, Layer, Quantization, TensorInfo } from "../../ir/network.ts";
import type { GraphInput } from "../graph-input.ts";
import { ImportContext } from "../import/context.ts";
import { viewOf } from "../import/materialize.ts";
import type { ImportNode } from "../import/node.ts";
import { unclamped, type Value } from "../import/value.ts";
import type { Graph } from "../proto.ts";

/** The quantisation that every tensor of a float graph nominally has, so that the importer's readers agree. */
const nominal: Quantization = { dtype: "uint8", scale: 1, zeroPoint: 0 };

/** Real parameters of a layer, and what else the layers of `ir/` cannot say of a float node. */
export interface FloatPart {
  readonly parameters: FloatParameters;
  /**
   * For a depthwise 1x1 convolution that stands for a batch normalisation, a constant factor or offset, or a ReLU: it
   * may vanish in a neighbour.
   */
  readonly elementwise: boolean;
  readonly relu: boolean;
  readonly ceiling: number;
}

/** Geometry of a convolution, its weights still to be given. */
export type FloatConv = Pick<ConvLayer, "groups" | "kernel" | "stride" | "padding">;

const pointwise = {
  kernel: { height: 1, width: 1 },
  stride: { y: 1, x: 1 },
  padding: { top: 0, left: 0, bottom: 0, right: 0 },
};

/**
 * Reads a float graph with the importer's views and readers. Nothing waits for a quantisation here: every operator's
 * layer is made at once, with stand-ins for weights whose real values are kept beside it ({@link part}).
 */
export class FloatContext extends ImportContext {
  readonly #layers: Layer[] = [];
  readonly #parts = new Map<string, FloatPart>();

  readonly graphInput: GraphInput;

  constructor(file: string, graph: Graph, opset: number, input: GraphInput) {
    super(file, graph, opset);
    this.graphInput = input;
    const { name, shape } = input;
    this.inputShape = shape;
    this.defineInput({ name, shape, quantization: nominal });
  }

  /** All layers read, in order. */
  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /** The real parameters of a layer; none for layers without weights and for padding. */
  part(layer: string): FloatPart | undefined {
    return this.#parts.get(layer);
  }

  override define(name: string, value: Value): void {
    if (value.kind !== "draft") {
      super.define(name, value);
      return;
    }
    const { node, dims, channelsLast, layer, linear } = value.draft;
    const made = layer(this.freeLayerName(node.name), this.freeTensorName(node.output), linear);
    const tensor = made && this.emit(node, made, nominal);
    if (tensor !== undefined) this.defineReal(node, tensor, dims, channelsLast);
  }

  override emit(node: ImportNode, layer: Layer, quantization: Quantization): TensorInfo | undefined {
    const tensor = super.emit(node, layer, quantization);
    if (tensor !== undefined) this.#layers.push(layer);
    return tensor;
  }

  /** Makes a tensor the result of a node. */
  defineReal(node: ImportNode, tensor: TensorInfo, dims: readonly number[], channelsLast = false): void {
    super.define(node.output, { kind: "real", view: viewOf(tensor, dims, node, channelsLast), clamp: unclamped });
  }

  /** Adds a convolution with real parameters. */
  emitConv(node: ImportNode, input: TensorInfo, geometry: FloatConv, part: FloatPart): TensorInfo | undefined {
    return this.#emitWeighted(node, part, (base) => ({ kind: "conv", input: input.name, ...geometry, ...base }));
  }

  /** Adds a fully connected layer with real parameters. */
  emitGemm(node: ImportNode, input: TensorInfo, parameters: FloatParameters): TensorInfo | undefined {
    const part = { parameters, ...plain };
    return this.#emitWeighted(node, part, (base) => ({ kind: "gemm", input: input.name, ...base }));
  }

  /** Adds an operator on each value by itself: a factor and an offset per channel, then the bounds of a ReLU. */
  emitElementwise(
    node: ImportNode,
    input: TensorInfo,
    parameters: FloatParameters,
    relu = false,
    ceiling = Number.POSITIVE_INFINITY,
  ): TensorInfo | undefined {
    const part = { parameters, elementwise: true, relu, ceiling };
    return this.emitConv(node, input, { groups: input.shape.channels, ...pointwise }, part);
  }

  #emitWeighted(
    node: ImportNode,
    part: FloatPart,
    make: (base: Omit<GemmLayer, "kind" | "input">) => ConvLayer | GemmLayer,
  ): TensorInfo | undefined {
    const { weights, bias } = part.parameters;
    if (!this.spend(node, 5 * weights.length)) return undefined;
    const name = this.freeLayerName(node.name);
    const base = {
      name,
      output: this.freeTensorName(node.output),
      weights: new Int8Array(weights.length),
      weightScales: new Float32Array(bias.length).fill(1),
      bias: new Int32Array(bias.length),
    };
    const tensor = this.emit(node, make(base), nominal);
    if (tensor !== undefined) this.#parts.set(name, part);
    return tensor;
  }
}

/** Of a layer that stands for itself alone. */
export const plain = { elementwise: false, relu: false, ceiling: Number.POSITIVE_INFINITY } as const;
