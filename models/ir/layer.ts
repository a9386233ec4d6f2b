/**
 * The layers of a quantised network. Each mirrors one ONNX Runtime integer operator, and its arithmetic is that
 * operator's, bit for bit (see `models/arithmetic/`).
 */

/** Zero padding in pixels (the padding value is the input's zero point). */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** ONNX QLinearConv: grouped, 1x1 or dense convolution, int8 weights with zero point 0, one scale per output channel. */
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
  /** OIHW: [outputChannels][inputChannels/groups][kernel.height][kernel.width]. */
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
  /** [outputChannels][channels*height*width of the input]. */
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

/** Window of a pooling layer. */
interface Window {
  readonly kernel: { readonly height: number; readonly width: number };
  readonly stride: { readonly y: number; readonly x: number };
  /** Each side less than the kernel's extent, so that every window meets the map. */
  readonly padding: Padding;
}

/** ONNX MaxPool of int8 or uint8; padding is no part of the maximum. Input and output are quantised alike. */
export interface MaxPoolLayer extends Window {
  readonly kind: "maxPool";
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** ONNX Runtime QLinearAveragePool (com.microsoft), channels first. */
export interface AveragePoolLayer extends Window {
  readonly kind: "averagePool";
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** Whether padding counts as zeros: the divisor is then the whole window, else the pixels inside the map. */
  readonly countIncludePad: boolean;
}

/** ONNX Resize, nearest neighbour, by 2: each pixel twice in both directions. Input and output are quantised alike. */
export interface UpsampleLayer {
  readonly kind: "upsample";
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** ONNX Runtime QLinearConcat (com.microsoft) along the channels; each input is requantised to the output by itself. */
export interface ConcatLayer {
  readonly kind: "concat";
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/**
 * ONNX Gather along the channels: output channel c is input channel order[c]. Channel shuffle, split and slice are
 * such. Input and output are quantised alike.
 */
export interface ChannelsLayer {
  readonly kind: "channels";
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly order: Int32Array;
}

/**
 * ONNX QuantizeLinear after DequantizeLinear, then Clip of the integers to [lo, hi]: a change of scale, a ReLU, a clip.
 * The element type may change too.
 */
export interface RequantizeLayer {
  readonly kind: "requantize";
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** Bounds within the output type's range, lo <= hi. */
  readonly lo: number;
  readonly hi: number;
}

/** Every kind of layer that a network may have. */
export type Layer =
  | ConvLayer
  | GemmLayer
  | AddLayer
  | GlobalAveragePoolLayer
  | MaxPoolLayer
  | AveragePoolLayer
  | UpsampleLayer
  | ConcatLayer
  | ChannelsLayer
  | RequantizeLayer;

/** Inputs of a layer by name, in the operator's order. */
export function layerInputs(layer: Layer): readonly string[] {
  return "inputs" in layer ? layer.inputs : [layer.input];
}
