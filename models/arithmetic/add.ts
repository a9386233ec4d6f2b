import type { Quantization } from "../ir/network.ts";
import { addRounded32, fma32, roundHalfEven } from "./float32.ts";
import { rangeOf } from "./range.ts";

/**
 * QLinearAdd as ONNX Runtime computes it on a CPU with fused multiply-add, in two pieces that depend on one operand
 * each, so that hardware can hold both in tables:
 *
 * `y = clamp(roundHalfEven(fround(products[a - lo] + addends[b - lo])) + offset)`
 *
 * where the sum is exact before it is rounded to float32.
 */
export interface AddTerms {
  /** a * ratioA for each operand value a, from the type's minimum upwards: 256 exact values (at most 32 bits long). */
  readonly products: Float64Array;
  /** fma(b, ratioB, fixedPart) for each operand value b, from the type's minimum upwards: 256 float32 values. */
  readonly addends: Float32Array;
  /** fround(scale of a / scale of the output). */
  readonly ratioA: number;
  /** fround(scale of b / scale of the output). */
  readonly ratioB: number;
  /** Output zero point less those of the operands, in output units; float32. */
  readonly fixedPart: number;
  /** Added after rounding. The zero point is in `fixedPart` already, so this is 0 in ONNX Runtime's form. */
  readonly offset: number;
}

/**
 * Which operand of a QLinearAdd takes the part of `a` in {@link addTerms}: 0 (the first), but 1 for tensors of a single
 * element. ONNX Runtime takes those down its broadcasting path, which is the same formula with the operands exchanged;
 * the two differ in rare ties.
 *
 * @param elements channels * height * width
 */
export function leadingOperand(elements: number): 0 | 1 {
  return elements === 1 ? 1 : 0;
}

/**
 * Tables of QLinearAdd for output `y`, all of one element type; `a` is the operand that {@link leadingOperand} names.
 */
export function addTerms(a: Quantization, b: Quantization, y: Quantization): AddTerms {
  const ratioA = Math.fround(a.scale / y.scale);
  const ratioB = Math.fround(b.scale / y.scale);
  const zeroPoints = fma32(ratioA, a.zeroPoint, Math.fround(ratioB * b.zeroPoint));
  const fixedPart = Math.fround(y.zeroPoint - zeroPoints);
  const products = new Float64Array(256);
  const addends = new Float32Array(256);
  const { lo } = rangeOf(a.dtype);
  for (let i = 0; i < 256; i++) {
    products[i] = (lo + i) * ratioA;
    addends[i] = fma32(lo + i, ratioB, fixedPart);
  }
  return { products, addends, ratioA, ratioB, fixedPart, offset: 0 };
}

/** One QLinearAdd result from the two pieces, for an output type with bounds lo and hi. */
export function addValue(product: number, addend: number, offset: number, lo: number, hi: number): number {
  const rounded = roundHalfEven(addRounded32(product, addend)) + offset;
  return Math.max(lo, Math.min(hi, rounded));
}

/**
 * All 65,536 results of a QLinearAdd: entry `256 * (a - lo) + (b - lo)` holds the output's byte (two's complement for
 * int8).
 */
export function addTable(a: Quantization, b: Quantization, y: Quantization): Uint8Array {
  const terms = addTerms(a, b, y);
  const { lo, hi } = rangeOf(y.dtype);
  const table = new Uint8Array(65536);
  for (let i = 0; i < 256; i++) {
    const product = terms.products[i];
    for (let j = 0; j < 256; j++) table[256 * i + j] = addValue(product, terms.addends[j], terms.offset, lo, hi);
  }
  return table;
}
