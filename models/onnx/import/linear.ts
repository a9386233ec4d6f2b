import { roundHalfEven } from "../../arithmetic/index.ts";
import type { ConvLayer, GemmLayer, Quantization } from "../../ir/network.ts";
import { realConstant } from "./constants.ts";
import type { ImportNode } from "./node.ts";
import { type DequantizedConstant, type Linear, productOf } from "./value.ts";

/** How far a stored bias scale may be from input scale times weight scale, and its integers still be taken as they are. */
const biasScaleTolerance = 1e-5;

/**
 * Weights less their zero points, where these fit int8: of symmetric int8 and of uint8 around 128 always, of others
 * where no difference leaves [-128, 127].
 * */
export function symmetricWeights(node: ImportNode, constant: DequantizedConstant): Int8Array | undefined {
  const { values, zeroPoints, dims, axis } = constant;
  if (values instanceof Int32Array) return node.report("weights", "weights are int32", "quantise them to int8");
  const [first = 0] = zeroPoints;
  const alike = zeroPoints.every((zeroPoint) => zeroPoint === first);
  if (alike && first === 0 && values instanceof Int8Array) return values;
  if (!alike && zeroPoints.length !== dims[axis])
    return node.report(
      "weights",
      `${zeroPoints.length} weight zero points for ${dims[axis]} channels`,
      "give one for each",
    );
  const inner = alike ? 1 : productOf(dims.slice(axis + 1));
  const result = new Int8Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const zeroPoint = alike ? first : (zeroPoints[Math.floor(i / inner) % zeroPoints.length] ?? 0);
    const difference = values[i] - zeroPoint;
    if (difference < -128 || difference > 127)
      return node.report(
        "weights",
        `a weight is ${values[i]} with zero point ${zeroPoint}: the difference ${difference} is outside [-128, 127]`,
        "quantise the weights symmetrically: to int8 with zero point 0, or to uint8 with zero point 128",
      );
    result[i] = difference;
  }
  return result;
}

/** Scales per output channel; one alone is repeated. Reports those that belong to another axis. */
export function channelScales(
  node: ImportNode,
  { scales, axis, dims }: DequantizedConstant,
  channelAxis: number,
): Float32Array | undefined {
  const channels = dims[channelAxis];
  if (scales.length === 1) return new Float32Array(channels).fill(scales[0]);
  if (axis === channelAxis && scales.length === channels) return scales;
  return node.report(
    "per-channel",
    `attribute axis of the weights' DequantizeLinear is ${axis}, their output channels are axis ${channelAxis}`,
    "quantise weights per output channel",
  );
}

/** A constant input that DequantizeLinear made. */
export function dequantizedInput(node: ImportNode, index: number): DequantizedConstant | undefined {
  const name = node.inputName(index);
  const value = node.context.value(name);
  if (value?.kind === "constant") return value.constant;
  if (node.context.isLost(name)) return undefined;
  if (node.context.constants.has(name))
    return node.report("weights", `weights '${name}' are not quantised`, "quantise them: DequantizeLinear of int8");
  return node.report("not-constant", `input ${index} '${name}' is not a constant`, "fold it into an initializer");
}

/** A bias as real numbers; where it is stored in (almost) the accumulator's units its integers are kept exactly. */
export function realBias(
  node: ImportNode,
  index: number,
  inputScale: number,
  scales: Float32Array,
): Float64Array | undefined {
  if (node.inputName(index) === "") return new Float64Array(scales.length);
  const value = node.context.value(node.inputName(index));
  const bias = realConstant(node, index);
  if (bias === undefined) return undefined;
  if (bias.values.length !== scales.length)
    return node.report(
      "bias",
      `${bias.values.length} biases for ${scales.length} output channels`,
      "give one for each output channel",
    );
  if (value?.kind !== "constant") return bias.values;
  const { constant } = value;
  return bias.values.map((real, channel) => {
    const unit = Math.fround(inputScale * scales[channel]);
    const stored = constant.scales[constant.scales.length === 1 ? 0 : channel];
    const zeroPoint = constant.zeroPoints[constant.scales.length === 1 ? 0 : channel];
    const close = Math.abs(stored / unit - 1) < biasScaleTolerance;
    return close ? (constant.values[channel] - zeroPoint) * unit : real;
  });
}

/** A layer's weights, scales and int32 bias, in units of input scale times weight scale. */
export function integerParameters(
  node: ImportNode,
  { weights, scales, bias }: Linear,
  input: Quantization,
): Pick<ConvLayer | GemmLayer, "weights" | "weightScales" | "bias"> | undefined {
  const rounded = bias.map((real, channel) => roundHalfEven(real / Math.fround(input.scale * scales[channel])));
  const large = rounded.findIndex((value) => !(Math.abs(value) < 2 ** 31));
  if (large >= 0)
    return node.report(
      "bias",
      `the bias ${bias[large]} of channel ${large} is out of int32's range in units of ${input.scale * scales[large]}`,
      "calibrate again: a scale is far too small",
    );
  return { weights, weightScales: scales, bias: Int32Array.from(rounded) };
}

/** Multiplies the results of each channel by a factor and adds an offset: BatchNormalization, or a bias. */
export function foldAffine(
  node: ImportNode,
  linear: Linear,
  factors: Float64Array,
  offsets: Float64Array,
): Linear | undefined {
  const depth = linear.weights.length / linear.scales.length;
  const signOf = (i: number): number => Math.sign(factors[Math.floor(i / depth)]);
  if (linear.weights.some((weight, i) => weight === -128 && signOf(i) < 0))
    return node.report(
      "fold",
      "it turns the sign of a weight of -128, which int8 cannot hold",
      "fold batch normalisation before quantising, or quantise the weights to [-127, 127]",
    );
  return {
    weights: linear.weights.map((weight, i) => weight * signOf(i)),
    scales: linear.scales.map((scale, channel) =>
      factors[channel] === 0 ? scale : scale * Math.abs(factors[channel]),
    ),
    bias: linear.bias.map((real, channel) => real * factors[channel] + offsets[channel]),
  };
}
