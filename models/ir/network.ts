/**
 * The quantised network every part of vargen works on: an ordered list of layers over named int8/uint8 tensors.
 *
 * Layout is NCHW with batch 1 throughout `models/` (ONNX's layout); hardware layouts exist only in `host/`.
 * Every layer mirrors one ONNX Runtime integer operator, and its arithmetic is that operator's, bit for bit
 * (see `models/arithmetic/`).
 */

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

/** Zero padding in pixels (the padding value is the input's zero point). */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** ONNX QLinearConv: grouped, 1x1 or dense convolution, int8 symmetric weights, one scale per output channel. */
export interface ConvLayer {
  readonly kind: "conv";
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** Number of groups; divides input and output channels. */
  readonly groups: number;
  readonly kernel: { readonly height: number; readonly width: number };
  readonly stride: { readonly y: number; readonly x: number };
  readonly padding: Padding;
  /** OIHW: [outputChannels][inputChannels/groups][kernel.height][kernel.width], each in [-127, 127]. */
  readonly weights: Int8Array;
  /** float32, one per output channel, positive. */
  readonly weightScales: Float32Array;
  /** One per output channel, in units of inputScale * weightScale; zero where the operator has no bias. */
  readonly bias: Int32Array;
}

/** ONNX QGemm (transB = 1): y = x W^T + b over the flattened CHW input; one scale per output channel. */
export interface GemmLayer {
  readonly kind: "gemm";
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** [outputChannels][channels*height*width of the input], each in [-127, 127]. */
  readonly weights: Int8Array;
  readonly weightScales: Float32Array;
  readonly bias: Int32Array;
}

/** ONNX Runtime QLinearAdd (com.microsoft) of two tensors of one shape, no broadcast. */
export interface AddLayer {
  readonly kind: "add";
  readonly name: string;
  /** Operands a and b in the operator's order (the order matters to the last bit). */
  readonly inputs: readonly [string, string];
  readonly output: string;
}

/** ONNX Runtime QLinearGlobalAveragePool (com.microsoft), channels first. */
export interface GlobalAveragePoolLayer {
  readonly kind: "globalAveragePool";
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

export type Layer = ConvLayer | GemmLayer | AddLayer | GlobalAveragePoolLayer;

/** A whole network; `layers` are in an order in which every input is defined before its use. */
export interface Network {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly layers: readonly Layer[];
  /** Layers of each block (a name such as `stage2.normal1`), in order; layers outside any block are absent. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
}

/** Inputs of a layer by name, in the operator's order. */
export function layerInputs(layer: Layer): readonly string[] {
  return layer.kind === "add" ? layer.inputs : [layer.input];
}

/** Looks a tensor up. @throws Error when the network is inconsistent (a bug, not bad input). */
export function tensorOf(network: Network, name: string): TensorInfo {
  const tensor = network.tensors.get(name);
  if (tensor === undefined) throw new Error(`network ${network.name} has no tensor '${name}'`);
  return tensor;
}
