import type { Quantization } from "../../ir/network.ts";
import type { GraphWriter } from "./graph-writer.ts";

/** Constant weights of a step. */
export interface Weights {
  /** In QDQ form: the weights as floats. */
  readonly real: string;
  /** In QOperator form: integers, scale, zero point. */
  readonly operand: readonly string[];
  /** Writes a bias in the accumulator's units: int32, in QDQ form behind DequantizeLinear. */
  readonly bias: () => string;
}

/** What weights are for. */
interface WeightsRequest {
  readonly shape: readonly number[];
  /** The output channels' axis. */
  readonly axis: number;
  readonly input: Quantization;
  readonly output: Quantization;
  /** The least weight (default -128). */
  readonly least?: number;
}

/**
 * Writes random weights whose results spread over the output's range: int8, or uint8 around 128 or nearby; one scale, or one per
 * output channel (in QDQ form only from opset 13 on).
 */
export function writeWeights(
  g: GraphWriter,
  qdq: boolean,
  { shape, axis, input, output, least = -128 }: WeightsRequest,
): Weights {
  const { random, opset } = g;
  const { dyadic, dtype } = g.parameters;
  const channels = shape[axis];
  const size = shape.reduce((product, extent) => product * extent, 1);
  const perChannel = random.real() < 0.6 && (!qdq || opset >= 13);
  // ONNX Runtime multiplies int8 activations by int8 weights only.
  const unsigned = dtype === "uint8" && random.real() < 0.2;
  const wanted = (60 * output.scale) / (input.scale * Math.sqrt(size / channels) * 74 * 74);
  const drawScale = () => {
    const scale = wanted * random.scale(0.5, 2);
    return dyadic ? 2 ** Math.round(Math.log2(scale)) : Math.fround(scale);
  };
  const scales = Float32Array.from({ length: perChannel ? channels : 1 }, drawScale);
  const zero = unsigned ? (random.real() < 0.5 ? 128 : random.integer(100, 156)) : 0;
  const [lo, hi] = [Math.max(least, unsigned ? -zero : least), Math.min(127, unsigned ? 255 - zero : 127)];
  const signed = new Int8Array(size).map(() => random.integer(lo, hi));
  const data = unsigned ? Uint8Array.from(signed, (q) => q + zero) : signed;
  const zeros = unsigned ? new Uint8Array(scales.length).fill(zero) : new Int8Array(scales.length);
  const unitDims = perChannel ? [channels] : [];
  const integers = g.constant(shape, data);
  const operand = [integers, g.constant(unitDims, scales), g.constant(unitDims, zeros)];
  const along = perChannel ? { axis } : {};
  const real = qdq ? g.node("DequantizeLinear", operand, along) : "";
  return { real, operand, bias: () => writeBias(g, qdq, channels, input, scales) };
}

function writeBias(g: GraphWriter, qdq: boolean, channels: number, input: Quantization, scales: Float32Array): string {
  const { random } = g;
  const reach = [0, 2000, 20_000][random.integer(0, 2)];
  const integers = g.constant(
    [channels],
    new Int32Array(channels).map(() => random.integer(-reach, reach)),
  );
  if (!qdq) return integers;
  const units = scales.map((scale) => Math.fround(input.scale * scale));
  const dims = units.length === 1 ? [] : [units.length];
  const zero = random.real() < 0.5 ? [g.constant(dims, new Int32Array(units.length))] : [];
  return g.node(
    "DequantizeLinear",
    [integers, g.constant(dims, units), ...zero],
    units.length === 1 ? {} : { axis: 0 },
  );
}
