import { type Problem, VargenError } from "../../../models/errors.ts";
import { ACCUMULATOR_LIMIT, accumulatorRange, expandScale, RAW_BITS } from "../../arithmetic/index.ts";

/** What the drain needs for each output channel. */
export interface ChannelConstants {
  readonly scales: readonly bigint[];
  /** Zero-point correction included. */
  readonly bias: Int32Array;
}

/** Input of {@link channelConstants}; arrays have one entry per output channel. */
export interface ChannelSource {
  readonly layer: string;
  readonly weights: Int8Array;
  /** Times that every weight is used on one output value (taps of a held weight, else 1). */
  readonly repeats: number;
  /** float32 factors from accumulator to output. */
  readonly scales: Float32Array;
  readonly bias: Int32Array;
  /** Input zero point, int8 frame. */
  readonly xZero: number;
}

/**
 * Scale factors and corrected biases of a layer.
 * @throws VargenError naming every channel whose accumulator or scale the hardware cannot take
 */
export function channelConstants(source: ChannelSource): ChannelConstants {
  const { layer, weights, repeats, scales, bias, xZero } = source;
  const problems: Problem[] = [];
  const corrected = new Int32Array(bias.length);
  const expanded = new Array<bigint>(bias.length).fill(0n);
  const depth = weights.length / bias.length;
  const rawLimit = 2 ** (RAW_BITS - 1);
  bias.forEach((value, channel) => {
    const path = `${layer}[${channel}]`;
    const refuse = (code: string, message: string, hint: string): void => {
      problems.push({ code: `compile/${code}`, path, message, hint });
    };
    const slice = weights.subarray(channel * depth, (channel + 1) * depth);
    const unit = accumulatorRange(slice, xZero, 0);
    const raw = accumulatorRange(slice, 0, 0);
    const bound = Math.max(Math.abs(unit.lo * repeats + value), Math.abs(unit.hi * repeats + value));
    if (bound > ACCUMULATOR_LIMIT || Math.max(-raw.lo, raw.hi + 1) * repeats > rawLimit) {
      const hint = "scale the channel's weights down or split the layer";
      refuse("accumulator", `the accumulator can reach ${bound}, more than ${ACCUMULATOR_LIMIT}`, hint);
      return;
    }
    const factor = expandScale(scales[channel], bound);
    if (factor === undefined) {
      const hint = "the hardware takes scales from 2^-24 up to 16, and smaller ones where that is exact";
      refuse("scale", `the factor ${scales[channel]} to the output's scale is out of range`, hint);
      return;
    }
    expanded[channel] = factor;
    corrected[channel] = value - weightSum(slice) * repeats * xZero;
  });
  if (problems.length > 0) throw new VargenError(problems);
  return { scales: expanded, bias: corrected };
}

function weightSum(weights: Int8Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}
