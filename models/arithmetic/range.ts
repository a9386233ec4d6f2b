import type { ActivationType } from "../ir/network.ts";

/** Inclusive bounds of an element type. */
export interface IntegerRange {
  readonly lo: number;
  readonly hi: number;
}

const ranges: Readonly<Record<ActivationType, IntegerRange>> = {
  int8: { lo: -128, hi: 127 },
  uint8: { lo: 0, hi: 255 },
};

/** Smallest and largest value of an activation type. */
export function rangeOf(dtype: ActivationType): IntegerRange {
  return ranges[dtype];
}
