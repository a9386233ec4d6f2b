import type { Quantization } from "../ir/network.ts";
import { roundHalfEven } from "./float32.ts";
import { rangeOf } from "./range.ts";

/**
 * ONNX QuantizeLinear of one value: `clamp(roundHalfEven(fround(value / scale)) + zeroPoint)`.
 *
 * @param value real value; rounded to float32 first
 */
export function quantizeValue(value: number, quantization: Quantization): number {
  const { lo, hi } = rangeOf(quantization.dtype);
  const quotient = Math.fround(Math.fround(value) / quantization.scale);
  return Math.min(hi, Math.max(lo, roundHalfEven(quotient) + quantization.zeroPoint));
}

/** ONNX DequantizeLinear of one value: `fround(fround(q - zeroPoint) * scale)`. */
export function dequantizeValue(q: number, quantization: Quantization): number {
  return Math.fround((q - quantization.zeroPoint) * quantization.scale);
}
