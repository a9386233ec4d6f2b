import { effectiveScale, poolScale } from "../../../models/arithmetic/index.ts";
import { type Problem, VargenError } from "../../../models/errors.ts";
import {
  type ConvLayer,
  type GemmLayer,
  type GlobalAveragePoolLayer,
  type Network,
  type TensorInfo,
  tensorOf,
} from "../../../models/ir/network.ts";
import { layerMacs } from "../../../models/ir/shape.ts";
import { channelConstants } from "./channels.ts";
import type { LogicalOperation } from "./operation.ts";
import { unbounded } from "./value-map.ts";

/** Zero point in the int8 frame that all activations have on chip. */
export function int8ZeroPoint({ quantization }: TensorInfo): number {
  return quantization.zeroPoint - (quantization.dtype === "uint8" ? 128 : 0);
}

/** Stride on both axes; where an axis has one output its stride does not matter. */
function commonStride(layer: ConvLayer, output: TensorInfo): 1 | 2 {
  const strides = new Set<number>();
  if (output.shape.height > 1) strides.add(layer.stride.y);
  if (output.shape.width > 1) strides.add(layer.stride.x);
  const [stride = 1, other] = strides;
  if (other === undefined && (stride === 1 || stride === 2)) return stride;
  const message = `stride ${layer.stride.y}x${layer.stride.x} is not supported`;
  const hint = "the array runs stride 1 or 2, equal on both axes";
  throw new VargenError([{ code: "compile/stride", path: layer.name, message, hint }]);
}

function convScales(layer: ConvLayer | GemmLayer, input: TensorInfo, output: TensorInfo): Float32Array {
  const { scale } = output.quantization;
  return layer.weightScales.map((weight) => effectiveScale(input.quantization.scale, weight, scale));
}

/** Fields that follow from the tensors alone. */
function frame(name: string, input: TensorInfo, output: TensorInfo) {
  return {
    name,
    layers: [name],
    input: input.name,
    residual: undefined,
    output: output.name,
    inputShape: input.shape,
    outputShape: output.shape,
    xZero: int8ZeroPoint(input),
    z1: int8ZeroPoint(output),
    bounds: unbounded,
    drain: "store",
    tables: undefined,
  } as const;
}

function lowerConv(layer: ConvLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { name, weights, bias, groups, kernel, padding } = layer;
  const base = frame(name, input, output);
  const scales = convScales(layer, input, output);
  return {
    ...base,
    groups,
    kernel,
    stride: commonStride(layer, output),
    padding,
    weightHold: false,
    weights,
    ...channelConstants({ layer: name, weights, repeats: 1, scales, bias, xZero: base.xZero }),
    macs: layerMacs(layer, output.shape),
  };
}

function lowerGemm(layer: GemmLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { name, weights, bias } = layer;
  const base = frame(name, input, output);
  const scales = convScales(layer, input, output);
  return {
    ...base,
    groups: 1,
    kernel: { height: input.shape.height, width: input.shape.width },
    stride: 1,
    padding: { top: 0, left: 0 },
    weightHold: false,
    weights,
    ...channelConstants({ layer: name, weights, repeats: 1, scales, bias, xZero: base.xZero }),
    macs: layerMacs(layer, output.shape),
  };
}

function lowerPool(layer: GlobalAveragePoolLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const { channels, height, width } = input.shape;
  const base = frame(layer.name, input, output);
  const repeats = height * width;
  const scales = new Float32Array(channels).fill(poolScale(input.quantization, output.quantization, repeats));
  const weights = new Int8Array(channels).fill(1);
  const bias = new Int32Array(channels);
  return {
    ...base,
    groups: channels,
    kernel: { height, width },
    stride: 1,
    padding: { top: 0, left: 0 },
    weightHold: true,
    weights,
    ...channelConstants({ layer: layer.name, weights, repeats, scales, bias, xZero: base.xZero }),
    macs: 0,
  };
}

/**
 * A layer other than an addition as an operation.
 * @throws VargenError for what the array cannot run, with all problems of the layer
 */
export function lowerLayer(network: Network, layer: ConvLayer | GemmLayer | GlobalAveragePoolLayer): LogicalOperation {
  const input = tensorOf(network, layer.input);
  const output = tensorOf(network, layer.output);
  const lower = (): LogicalOperation => {
    if (layer.kind === "conv") return lowerConv(layer, input, output);
    if (layer.kind === "gemm") return lowerGemm(layer, input, output);
    return lowerPool(layer, input, output);
  };
  const operation = lower();
  const problems = limitProblems(operation);
  if (problems.length > 0) throw new VargenError(problems);
  return operation;
}

/** Widths of command fields that a layer's shape can exceed. */
function limitProblems({ name, kernel, padding, inputShape, outputShape }: LogicalOperation): readonly Problem[] {
  const limits: readonly (readonly [string, number, number])[] = [
    ["kernel height", kernel.height, 255],
    ["kernel width", kernel.width, 255],
    ["padding at the top", padding.top, 32767],
    ["padding at the left", padding.left, 128],
    ["input width", inputShape.width, 32767],
    ["input height", inputShape.height, 32767],
    ["output width", outputShape.width, 32767],
    ["output height", outputShape.height, 32767],
  ];
  return limits
    .filter(([, value, limit]) => value > limit)
    .map(([what, value, limit]) => ({
      code: "compile/limit",
      path: name,
      message: `${what} is ${value}, more than the hardware's ${limit}`,
    }));
}
