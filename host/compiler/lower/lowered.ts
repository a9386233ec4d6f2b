import type { LogicalOperation } from "./operation.ts";

/** Tensors of one quantisation put one after another along the channels. */
export interface Concatenation {
  readonly layer: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A tensor that consists of channels of another. */
export interface ChannelChoice {
  readonly input: string;
  /** Channel of the input for each of its own. */
  readonly order: Int32Array;
}

/** What a network becomes, in order. */
export type LoweredItem = LogicalOperation | Concatenation;

/** A network as operations and views. */
export interface LoweredNetwork {
  readonly items: readonly LoweredItem[];
  readonly choices: ReadonlyMap<string, ChannelChoice>;
  /** Tensors that never exist, because the drain that makes them goes on at once; with the layer that it goes on to make. */
  readonly fused: ReadonlyMap<string, string>;
}

/** Tells the two kinds of items apart. */
export function isConcatenation(item: LoweredItem): item is Concatenation {
  return "inputs" in item;
}
