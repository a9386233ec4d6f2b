import { requantize, roundHalfEven } from "../../models/arithmetic/index.ts";
import type { Random } from "../../models/random/random.ts";

/** Parameters of one output channel. */
export interface Channel {
  /** Float32, 2^-24 <= scale < 16. */
  readonly scale: number;
  readonly bias: number;
}

/** Zero point and bounds of an int8 result. */
export interface Bounds {
  readonly z: number;
  readonly lo: number;
  readonly hi: number;
}

/** `q` of docs/HARDWARE.md section 1, by float32 steps. */
export function requantized(acc: number, channel: Channel, { z, lo, hi }: Bounds): number {
  return requantize(acc + channel.bias, channel.scale, z, lo, hi);
}

/** `out` with residual, by float32 steps. @param ta,tb 36-bit table entries, so that their sum is exact */
export function added(ta: number, tb: number, { z, lo, hi }: Bounds): number {
  return Math.max(lo, Math.min(hi, roundHalfEven(Math.fround((ta + tb) * 2 ** -25)) + z));
}

/** `S = scale * 2^47`, which is an integer below 2^51 for the scales of {@link Channel}. */
export function fixedScale(scale: number): bigint {
  return BigInt(scale * 2 ** 47);
}

/** A channel's 128 bits of the parameter memory. */
export function channelBits(channel: Channel): bigint {
  return fixedScale(channel.scale) | (BigInt.asUintN(32, BigInt(channel.bias)) << 64n);
}

/** A channel for accumulators of about the given magnitude: the results spread over int8 and a little beyond. */
export function randomChannel(random: Random, magnitude: number): Channel {
  const scale = Math.max(2 ** -24, random.scale(8, 400) / magnitude);
  const bias = random.integer(-Math.floor(magnitude / 4), Math.floor(magnitude / 4));
  return { scale: Math.fround(Math.min(15.9, scale)), bias };
}

/** Random zero point and bounds; every second time no clamping. */
export function randomBounds(random: Random): Bounds {
  const z = random.integer(-128, 127);
  if (random.real() < 0.5) return { z, lo: -128, hi: 127 };
  const lo = random.integer(-128, 127);
  return { z, lo, hi: random.integer(lo, 127) };
}

/** A random 36-bit table entry, about +-100 in units of 2^25, some of them at a tie of two such. */
export function randomEntry(random: Random): number {
  const value = Math.floor((random.real() - 0.5) * 200 * 2 ** 25);
  return random.real() < 0.3 ? Math.floor(value / 2 ** 24) * 2 ** 24 : value;
}
