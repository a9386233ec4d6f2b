import { addTerms, addValue, leadingOperand, rangeOf } from "../../models/arithmetic/index.ts";
import type { Quantization } from "../../models/ir/network.ts";
import { TABLE_BITS, TABLE_FRACTION_BITS } from "./hardware.ts";
import { roundFloat } from "./round.ts";
import { settle } from "./settle.ts";

/** A QLinearAdd as the hardware sees it. */
export interface AddOperation {
  /** In the operator's order; all three of one element type. */
  readonly operands: readonly [Quantization, Quantization];
  readonly output: Quantization;
  /** channels * height * width. */
  readonly elements: number;
  /** The operand that the convolution makes (its values index TA); the other lies in the feature memory (TB). */
  readonly computed: 0 | 1;
}

/** What the residual adder needs for one QLinearAdd. */
export interface AddTables {
  /** By the computed operand's value + 128 (int8 frame): integers of 36 bits with 25 fraction bits. */
  readonly ta: Float64Array;
  /** By the resident operand's value + 128, likewise. */
  readonly tb: Float64Array;
  readonly z2: number;
  readonly lo2: number;
  readonly hi2: number;
}

const LOWEST = -(2 ** (TABLE_BITS - 1));
const HIGHEST = 2 ** (TABLE_BITS - 1) - 1;

/**
 * Tables for which the hardware equals ONNX Runtime's QLinearAdd on all 65,536 pairs of operands.
 *
 * Entries are the operator's terms rounded to 25 fraction bits; where that would change a result, entries are moved by
 * units in their last place until every pair comes out right (see `settle`).
 *
 * @returns undefined if no such tables exist within 36 bits (a scale ratio of 8 or more, say)
 */
export function buildAddTables({ operands, output, elements, computed }: AddOperation): AddTables | undefined {
  const lead = leadingOperand(elements);
  const terms = addTerms(operands[lead], operands[1 - lead], output);
  const { lo, hi } = rangeOf(output.dtype);
  const [first, second] = computed === lead ? [terms.products, terms.addends] : [terms.addends, terms.products];
  const ta = entries(first);
  const tb = entries(second);
  const thresholds = roundingThresholds(lo - terms.offset, hi - terms.offset);
  const lower = new Float64Array(65536);
  const upper = new Float64Array(65536);
  for (let i = 0; i < 256; i++) {
    for (let j = 0; j < 256; j++) {
      const [p, q] = computed === lead ? [i, j] : [j, i];
      const y = addValue(terms.products[p], terms.addends[q], terms.offset, lo, hi);
      lower[256 * i + j] = y === lo ? -Infinity : thresholds[y - lo];
      upper[256 * i + j] = y === hi ? Infinity : thresholds[y - lo + 1] - 1;
    }
  }
  if (!settle(ta, tb, lower, upper, LOWEST, HIGHEST)) return undefined;
  return { ta, tb, z2: terms.offset - (output.dtype === "uint8" ? 128 : 0), lo2: -128, hi2: 127 };
}

function entries(terms: Float64Array | Float32Array): Float64Array {
  return Float64Array.from(terms, (term) => {
    const entry = Math.round(term * 2 ** TABLE_FRACTION_BITS);
    return Math.max(LOWEST, Math.min(HIGHEST, entry));
  });
}

/** Entry r - lowest is the smallest sum of table entries that the hardware rounds to r or more. */
function roundingThresholds(lowest: number, highest: number): Float64Array {
  const one = 2 ** TABLE_FRACTION_BITS;
  return Float64Array.from({ length: highest - lowest + 1 }, (_, index) => {
    const r = lowest + index;
    let below = (r - 1) * one;
    let reached = r * one;
    while (reached - below > 1) {
      const middle = Math.floor((below + reached) / 2);
      if (roundFloat(middle, TABLE_FRACTION_BITS) >= r) reached = middle;
      else below = middle;
    }
    return reached;
  });
}
