import type { Layer, Padding, TensorInfo } from "../../ir/network.ts";
import type { ImportNode } from "./node.ts";

/**
 * A quantised ONNX tensor: channels of a tensor of the network, in ONNX's shape. Reshape, Transpose, Split and Pad only
 * change the view; a layer is made when an operator reads the values ({@link ImportContext.materialize}).
 */
export interface View {
  readonly tensor: TensorInfo;
  /** ONNX's shape; its elements in row-major order are the channels' pixels. */
  readonly dims: readonly number[];
  /** Channels of the tensor that the view has, in order; undefined for all as they are. */
  readonly order: Int32Array | undefined;
  /** Whether ONNX's shape is [1, height, width, channels], or that flattened; the tensor itself is channels first. */
  readonly channelsLast: boolean;
  /** Zero padding that is still to be added around the map. */
  readonly padding: Padding | undefined;
  /** The node that a layer for order or padding is named after. */
  readonly origin: ImportNode;
}

/** Bounds on real values from Relu and Clip. */
export interface Clamp {
  readonly lo: number;
  readonly hi: number;
  readonly node: ImportNode | undefined;
}

export const unclamped: Clamp = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, node: undefined };

/** Weights, scales and bias of a convolution or fully connected layer that are still open for folding. */
export interface Linear {
  readonly weights: Int8Array;
  /** float32, one per output channel. */
  readonly scales: Float32Array;
  /** Real values, one per output channel. */
  readonly bias: Float64Array;
}

/** An operator on dequantised values whose result is not yet quantised. */
export interface Draft {
  readonly node: ImportNode;
  readonly dims: readonly number[];
  /** Whether the dimensions have the channels last. */
  readonly channelsLast?: boolean;
  /** What BatchNormalization and Add of a constant may fold into. */
  readonly linear: Linear | undefined;
  readonly layer: (name: string, output: string, linear: Linear | undefined) => Layer | undefined;
}

/** An operator that the quantisation does not matter to: it maps a view to another. Reports what it cannot do. */
export type ViewOperator = (view: View) => View | undefined;

/** A constant after DequantizeLinear. */
export interface DequantizedConstant {
  readonly dims: readonly number[];
  readonly values: Int8Array | Uint8Array | Int32Array;
  readonly scales: Float32Array;
  /** One for each scale. */
  readonly zeroPoints: readonly number[];
  /** The axis that several scales belong to. */
  readonly axis: number;
}

/** What an ONNX tensor stands for while a graph is read (initializers are kept as they are, elsewhere). */
export type Value =
  | { readonly kind: "integer"; readonly view: View }
  | { readonly kind: "real"; readonly view: View; readonly clamp: Clamp }
  | {
      readonly kind: "draft";
      readonly draft: Draft;
      readonly clamp: Clamp;
      readonly after: readonly ViewOperator[];
    }
  | { readonly kind: "constant"; readonly constant: DequantizedConstant }
  | {
      /** What the host makes of a result: Softmax and the like, at the end of a graph. */
      readonly kind: "host";
      readonly view: View;
      readonly node: ImportNode;
    }
  | { readonly kind: "input"; readonly channelsLast: boolean };

/** What an operator on dequantised values makes, before anything follows it. */
export function draftOf(draft: Draft): Value {
  return { kind: "draft", draft, clamp: unclamped, after: [] };
}

/** Whether a draft is as {@link draftOf} made it, so that a constant can still be folded into it. */
export function isOpen({ after, clamp }: Extract<Value, { readonly kind: "draft" }>): boolean {
  return after.length === 0 && clamp === unclamped;
}

/** The product of all extents. */
export function productOf(dims: readonly number[]): number {
  return dims.reduce((product, extent) => product * extent, 1);
}
