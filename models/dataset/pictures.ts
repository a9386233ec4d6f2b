import { VargenError } from "../errors.ts";
import type { FeatureShape } from "../ir/network.ts";
import { formatShape, sameShape } from "../ir/shape.ts";

/** One input of a network as it is stored: bytes 0..255, or real numbers. */
export interface Picture {
  readonly shape: FeatureShape;
  /** NCHW with batch 1. */
  readonly values: Uint8Array | Float32Array;
}

/** Stored inputs of a network, of the shape that it takes. They are read when they are needed. */
export interface PictureSet {
  /** The file or folder. */
  readonly path: string;
  readonly count: number;
  /** Reads one of them, from 0 on. @throws VargenError if it is damaged or does not fit */
  readonly read: (index: number) => Picture;
}

/** How stored values become a network's real inputs: `(value * scale - mean) / std`, mean and std for each channel. */
export interface Preprocessing {
  /** Default: 1 / 255 for bytes, 1 for real numbers. */
  readonly scale?: number;
  /** One for each channel, or one for all (default 0). */
  readonly mean?: readonly number[];
  /** Likewise, not 0 (default 1). */
  readonly std?: readonly number[];
}

/** A network's real input, NCHW. */
export function preprocess({ shape, values }: Picture, { scale, mean = [], std = [] }: Preprocessing): Float32Array {
  const area = shape.height * shape.width;
  const bytes = values instanceof Uint8Array;
  // A pixel divided by 255 is what the shipped networks were trained on, to the last bit.
  const scaled = (value: number): number => (scale === undefined ? value / (bytes ? 255 : 1) : value * scale);
  const of = (list: readonly number[], channel: number, standard: number): number =>
    list[list.length === 1 ? 0 : channel] ?? standard;
  const result = new Float32Array(values.length);
  for (let channel = 0; channel < shape.channels; channel++) {
    const [center, spread] = [of(mean, channel, 0), of(std, channel, 1)];
    for (let i = channel * area; i < (channel + 1) * area; i++) result[i] = (scaled(values[i]) - center) / spread;
  }
  return result;
}

/** Refuses pictures of another shape than a network takes. @throws VargenError */
export function checkShape(path: string, shape: FeatureShape, wanted: FeatureShape): void {
  if (sameShape(shape, wanted)) return;
  const message = `it is ${formatShape(shape)} (channels x height x width), but the network takes ${formatShape(wanted)}`;
  throw new VargenError([{ code: "images/size", path, message, hint: "resize or convert the images first" }]);
}

/** The error for a file of images that cannot be used. */
export function pictureError(code: string, path: string, message: string, hint?: string): VargenError {
  return new VargenError([{ code: `images/${code}`, path, message, ...(hint === undefined ? {} : { hint }) }]);
}

/** Bytes of interleaved channels (NHWC), `stride` a pixel of which the first `channels` count, as NCHW. */
export function planes(pixels: Uint8Array, shape: FeatureShape, stride = shape.channels): Uint8Array {
  const { channels, height, width } = shape;
  const area = height * width;
  const values = new Uint8Array(channels * area);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < area; i++) values[channel * area + i] = pixels[i * stride + channel];
  return values;
}
