import type { ConvLayer, FeatureShape, Layer } from "./network.ts";

/** Number of values in a feature map. */
export function elementCount(shape: FeatureShape): number {
  return shape.channels * shape.height * shape.width;
}

/** `CxHxW`, for messages. */
export function formatShape(shape: FeatureShape): string {
  return `${shape.channels}x${shape.height}x${shape.width}`;
}

/** Whether two feature maps have the same extents. */
export function sameShape(a: FeatureShape, b: FeatureShape): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width;
}

/** Geometry of a convolution, quantised or not. */
export type ConvGeometry = Pick<ConvLayer, "kernel" | "stride" | "padding">;

/** Output extents of a convolution; they may come out below 1 for a kernel larger than its padded input. */
export function convOutputShape(geometry: ConvGeometry, outputChannels: number, input: FeatureShape): FeatureShape {
  const { kernel, stride, padding } = geometry;
  return {
    channels: outputChannels,
    height: Math.floor((input.height + padding.top + padding.bottom - kernel.height) / stride.y) + 1,
    width: Math.floor((input.width + padding.left + padding.right - kernel.width) / stride.x) + 1,
  };
}

/** Output extents of a layer, from those of its inputs in the operator's order. */
export function layerOutputShape(layer: Layer, inputs: readonly [FeatureShape, ...FeatureShape[]]): FeatureShape {
  const [input] = inputs;
  switch (layer.kind) {
    case "conv":
      return convOutputShape(layer, layer.bias.length, input);
    case "gemm":
      return { channels: layer.bias.length, height: 1, width: 1 };
    case "add":
    case "requantize":
      return input;
    case "globalAveragePool":
      return { channels: input.channels, height: 1, width: 1 };
    case "maxPool":
    case "averagePool":
      return convOutputShape(layer, input.channels, input);
    case "upsample":
      return { channels: input.channels, height: 2 * input.height, width: 2 * input.width };
    case "concat":
      return { ...input, channels: inputs.reduce((sum, { channels }) => sum + channels, 0) };
    case "channels":
      return { ...input, channels: layer.order.length };
  }
}

/** Multiplications by weights that a layer makes (0 for additions and pooling), padding included. */
export function layerMacs(layer: Layer, output: FeatureShape): number {
  return layer.kind === "conv" || layer.kind === "gemm" ? layer.weights.length * output.height * output.width : 0;
}

/** Multiplications by weights in one inference: the paper's MAdds. */
export function networkMacs(network: {
  readonly layers: readonly Layer[];
  readonly tensors: ReadonlyMap<string, { readonly shape: FeatureShape }>;
}): number {
  return network.layers.reduce((sum, layer) => {
    const output = network.tensors.get(layer.output);
    return output === undefined ? sum : sum + layerMacs(layer, output.shape);
  }, 0);
}

/** The layer that makes a tensor, if one does. */
export function producerOf(layers: readonly Layer[], tensor: string): Layer | undefined {
  return layers.find((layer) => layer.output === tensor);
}
