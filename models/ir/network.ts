/**
 * The quantised network every part of vargen works on: an ordered list of layers over named int8/uint8 tensors.
 *
 * Layout is NCHW with batch 1 throughout `models/` (ONNX's layout); hardware layouts exist only in `host/`. The kinds
 * of layers are in `layer.ts`.
 */

import type { Layer } from "./layer.ts";

export * from "./layer.ts";

/** Element type of an activation tensor. */
export type ActivationType = "int8" | "uint8";

/** Per-tensor affine quantisation: real = scale * (q - zeroPoint). */
export interface Quantization {
  readonly dtype: ActivationType;
  /** Positive, finite, exactly representable as float32. */
  readonly scale: number;
  /** Within the range of `dtype`. */
  readonly zeroPoint: number;
}

/** Shape of a feature map (batch 1, NCHW without the N); each extent at least 1. */
export interface FeatureShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A named activation tensor. */
export interface TensorInfo {
  readonly name: string;
  readonly shape: FeatureShape;
  readonly quantization: Quantization;
}

/** Values of an activation tensor, NCHW order, length channels*height*width. */
export type Activations = Int8Array | Uint8Array;

/** A whole network; `layers` are in an order in which every input is defined before its use. */
export interface Network {
  readonly name: string;
  readonly input: string;
  /** At least one, each made by a layer or the input itself, no two alike; the first is the main result. */
  readonly outputs: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly layers: readonly Layer[];
  /** Layers of each block (a name such as `stage2.normal1`), in order; layers outside any block are absent. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
}

/** Name of a network's main result. */
export function mainOutput({ outputs: [first] }: Pick<Network, "outputs">): string {
  return first;
}

/** Looks a tensor up. @throws Error when the network is inconsistent (a bug, not bad input). */
export function tensorOf(network: Network, name: string): TensorInfo {
  const tensor = network.tensors.get(name);
  if (tensor === undefined) throw new Error(`network ${network.name} has no tensor '${name}'`);
  return tensor;
}
