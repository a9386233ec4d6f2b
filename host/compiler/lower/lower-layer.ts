import { effectiveScale } from "../../../models/arithmetic/index.ts";
import { VargenError } from "../../../models/errors.ts";
import {
  type ConvLayer,
  type GemmLayer,
  type Layer,
  type Network,
  type TensorInfo,
  tensorOf,
} from "../../../models/ir/network.ts";
import { layerMacs } from "../../../models/ir/shape.ts";
import { lowerAveragePool } from "./average-pool.ts";
import { channelConstants } from "./channels.ts";
import { commonStride, frame, int8ZeroPoint } from "./frame.ts";
import { limitProblems } from "./limits.ts";
import type { LogicalOperation, Pass } from "./operation.ts";
import { onePass } from "./passes.ts";
import { lowerGlobalAveragePool, lowerMaxPool, lowerUpsample } from "./pool.ts";

/** Layers that run on the array by themselves; the others run in a drain, as a copy or not at all. */
export type ArrayLayer = Exclude<Layer, { readonly kind: "add" | "concat" | "channels" | "requantize" }>;

/**
 * A layer that runs on the array as operations.
 * @throws VargenError for what the array cannot run, with all problems of the layer
 */
export function lowerLayer(network: Network, layer: ArrayLayer): readonly LogicalOperation[] {
  const operations = lower(layer, tensorOf(network, layer.input), tensorOf(network, layer.output));
  const problems = operations.flatMap(limitProblems);
  if (problems.length > 0) throw new VargenError(problems);
  return operations;
}

function lower(layer: ArrayLayer, input: TensorInfo, output: TensorInfo): readonly LogicalOperation[] {
  switch (layer.kind) {
    case "conv":
      return [lowerConv(layer, input, output)];
    case "gemm":
      return [lowerGemm(layer, input, output)];
    case "globalAveragePool":
      return [lowerGlobalAveragePool(layer, input, output)];
    case "averagePool":
      return [lowerAveragePool(layer, input, output)];
    case "maxPool":
      return lowerMaxPool(layer, input, output);
    case "upsample":
      return [lowerUpsample(layer, input, output)];
  }
}

function lowerConv(layer: ConvLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { name, weights, groups, kernel, padding } = layer;
  return {
    ...frame(name, input, output),
    groups,
    kernel,
    stride: commonStride(layer, output),
    padding: { top: padding.top, left: padding.left },
    weightHold: false,
    weights,
    passes: weightedPass(layer, kernel, input, output),
    macs: layerMacs(layer, output.shape),
  };
}

function lowerGemm(layer: GemmLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { name, weights } = layer;
  const kernel = { height: input.shape.height, width: input.shape.width };
  return {
    ...frame(name, input, output),
    groups: 1,
    kernel,
    stride: 1,
    padding: { top: 0, left: 0 },
    weightHold: false,
    weights,
    passes: weightedPass(layer, kernel, input, output),
    macs: layerMacs(layer, output.shape),
  };
}

function weightedPass(
  { name, weights, weightScales, bias }: ConvLayer | GemmLayer,
  kernel: Pass["kernel"],
  input: TensorInfo,
  output: TensorInfo,
): readonly Pass[] {
  const xZero = int8ZeroPoint(input);
  const { scale } = output.quantization;
  const scales = weightScales.map((weight) => effectiveScale(input.quantization.scale, weight, scale));
  const constants = channelConstants({ layer: name, weights, repeats: 1, scales, bias, xZero });
  return onePass(output.shape, kernel, { xZero, constants, z1: int8ZeroPoint(output) });
}
