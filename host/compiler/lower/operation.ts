import type { FeatureShape } from "../../../models/ir/network.ts";
import type { AddTables } from "../../arithmetic/index.ts";
import type { Part, TensorView } from "../layout/storage.ts";
import type { ChannelConstants } from "./channels.ts";
import type { Bounds } from "./value-map.ts";

/** One run of the array over an operation's outputs, or over some of their rows. Most operations take one. */
export interface Pass {
  /** Output rows [first, end). */
  readonly rows: readonly [number, number];
  /** The first tap, counted from the window's first. */
  readonly tap: { readonly y: number; readonly x: number };
  /** Taps. */
  readonly kernel: { readonly height: number; readonly width: number };
  /** The value of padding. */
  readonly xZero: number;
  readonly constants: ChannelConstants;
  /** Zero point after requantisation. */
  readonly z1: number;
  /** Whether the greater of this and what earlier passes wrote remains. */
  readonly max: boolean;
  /** Whether the drain sums up a tile's columns (see `summingColumns`). */
  readonly columns: boolean;
  /** Which of the two rows that upsampling makes of one it writes; else 0. */
  readonly half: 0 | 1;
}

/**
 * A convolution as the array runs it, in the int8 frame: one network layer, or a convolution with the addition that
 * takes its place in the drain. Gemm, pooling and additions by themselves come as convolutions too.
 *
 * @typeParam Tensor a tensor's name, or where it lies
 */
interface OperationOf<Tensor> {
  /** Name of the layer whose output this makes. */
  readonly name: string;
  /** The network's layers that it stands for, in order. */
  readonly layers: readonly string[];
  readonly input: Tensor;
  /** The tensor that the drain adds, if any. */
  readonly residual: Tensor | undefined;
  readonly output: Tensor;
  readonly inputShape: FeatureShape;
  /** What the array computes: the output's extents, before upsampling. */
  readonly outputShape: FeatureShape;
  readonly groups: number;
  readonly kernel: { readonly height: number; readonly width: number };
  readonly stride: 1 | 2;
  readonly padding: { readonly top: number; readonly left: number };
  /** Every tap uses the same weights: `weights` is [output][input of the group]. */
  readonly weightHold: boolean;
  /** [output][input of the group][ky][kx]. */
  readonly weights: Int8Array;
  /** In order; together they write every output. */
  readonly passes: readonly Pass[];
  /** Of the requantised value. */
  readonly bounds: Bounds;
  /** What the drain does with the requantised value: it stores it, or the maximum over passes, or stores it twice. */
  readonly drain: "store" | "max" | "upsample";
  /** Of the addition or, without a residual, of a map of the requantised value. */
  readonly tables: AddTables | undefined;
  /** Multiplications by weights that the network needs for it (0 for pooling and additions). */
  readonly macs: number;
}

/** Rows of the output for each that the array computes, and columns: 2 with upsampling. */
export function outputScale({ drain }: { readonly drain: "store" | "max" | "upsample" }): 1 | 2 {
  return drain === "upsample" ? 2 : 1;
}

/** An operation on tensors by name, before they are laid out. */
export type LogicalOperation = OperationOf<string>;

/** An operation on tensors whose place in their storages is known. */
export interface Operation extends OperationOf<TensorView> {
  /** The part of the output's storage that it writes. */
  readonly part: Part;
  /** For each of the part's physical channels the output channel there, or -1. */
  readonly outputs: Int32Array;
  /** Channel group in the residual's storage that is added to the part's first one. */
  readonly residualGroup: number;
}
