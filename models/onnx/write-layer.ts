import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { type Layer, type Network, type RequantizeLayer, type TensorInfo, tensorOf } from "../ir/network.ts";
import { type ConvGeometry, elementCount } from "../ir/shape.ts";
import { initializer, type Node, operatorNode, type Tensor } from "./proto.ts";

const microsoft = "com.microsoft";

/** The ONNX nodes of a layer; the last one makes its output. */
export function layerNodes(network: Network, layer: Layer): readonly Node[] {
  const { name, output } = layer;
  switch (layer.kind) {
    case "conv": {
      const inputs = [...operandNames(layer.input), ...weightNames(name), ...quantizationNames(output), `${name}.bias`];
      return [operatorNode("QLinearConv", name, inputs, [output], convAttributes(layer))];
    }
    case "gemm": {
      const [, ...quantization] = operandNames(layer.input);
      const flat = `${name}.flatten`;
      const inputs = [flat, ...quantization, ...weightNames(name), `${name}.bias`, ...quantizationNames(output)];
      return [
        operatorNode("Flatten", flat, [layer.input], [flat], { axis: 1 }),
        operatorNode("QGemm", name, inputs, [output], { transB: 1, alpha: { float: 1 } }, microsoft),
      ];
    }
    case "add": {
      const inputs = [...layer.inputs.flatMap(operandNames), ...quantizationNames(output)];
      return [operatorNode("QLinearAdd", name, inputs, [output], {}, microsoft)];
    }
    case "globalAveragePool": {
      const inputs = [...operandNames(layer.input), ...quantizationNames(output)];
      return [operatorNode("QLinearGlobalAveragePool", name, inputs, [output], { channels_last: 0 }, microsoft)];
    }
    case "maxPool":
      return [operatorNode("MaxPool", name, [layer.input], [output], window(layer))];
    case "averagePool": {
      const inputs = [...operandNames(layer.input), ...quantizationNames(output)];
      const attributes = { ...window(layer), count_include_pad: layer.countIncludePad ? 1 : 0, channels_last: 0 };
      return [operatorNode("QLinearAveragePool", name, inputs, [output], attributes, microsoft)];
    }
    case "upsample": {
      const attributes = {
        mode: { text: "nearest" },
        coordinate_transformation_mode: { text: "asymmetric" },
        nearest_mode: { text: "floor" },
      };
      return [operatorNode("Resize", name, [layer.input, "", `${name}.scales`], [output], attributes)];
    }
    case "concat": {
      const inputs = [...quantizationNames(output), ...layer.inputs.flatMap(operandNames)];
      return [operatorNode("QLinearConcat", name, inputs, [output], { axis: 1 }, microsoft)];
    }
    case "channels":
      return [operatorNode("Gather", name, [layer.input, `${name}.order`], [output], { axis: 1 })];
    case "requantize":
      return requantizeNodes(layer, tensorOf(network, output));
  }
}

/** Initializers of a layer: weights, scales, bounds. */
export function layerConstants(network: Network, layer: Layer): readonly Tensor[] {
  const { name } = layer;
  if (layer.kind === "upsample") return [initializer(`${name}.scales`, [4], Float32Array.of(1, 1, 2, 2))];
  if (layer.kind === "channels") return [initializer(`${name}.order`, [layer.order.length], layer.order)];
  if (layer.kind === "requantize") {
    const { dtype } = tensorOf(network, layer.output).quantization;
    const bound = (key: "lo" | "hi") => initializer(`${name}.${key}`, [], newActivations(dtype, 1).fill(layer[key]));
    return clamps(layer, dtype) ? [bound("lo"), bound("hi")] : [];
  }
  if (layer.kind !== "conv" && layer.kind !== "gemm") return [];
  const [weights, scales, zeroPoints] = weightNames(name);
  const channels = layer.bias.length;
  const input = tensorOf(network, layer.input).shape;
  const shape =
    layer.kind === "conv"
      ? [channels, input.channels / layer.groups, layer.kernel.height, layer.kernel.width]
      : [channels, elementCount(input)];
  return [
    initializer(weights, shape, layer.weights),
    initializer(scales, [channels], layer.weightScales),
    initializer(zeroPoints, [channels], new Int8Array(channels)),
    initializer(`${name}.bias`, [channels], layer.bias),
  ];
}

/** Scale and zero point of a tensor as initializers. */
export function quantizationConstants({ name, quantization }: TensorInfo): readonly Tensor[] {
  const [scale, zeroPoint] = quantizationNames(name);
  return [
    initializer(scale, [], Float32Array.of(quantization.scale)),
    initializer(zeroPoint, [], newActivations(quantization.dtype, 1).fill(quantization.zeroPoint)),
  ];
}

/** Names of a tensor's scale and zero point. */
export function quantizationNames(tensor: string): readonly [string, string] {
  return [`${tensor}.scale`, `${tensor}.zero_point`];
}

/** A tensor as an integer operator takes it: its name, scale and zero point. */
export function operandNames(tensor: string): readonly string[] {
  return [tensor, ...quantizationNames(tensor)];
}

/** Names of a layer's weights, their scales and zero points. */
export function weightNames(layer: string): readonly [string, string, string] {
  return [`${layer}.weight`, `${layer}.weight_scale`, `${layer}.weight_zero_point`];
}

/** Attributes of Conv and QLinearConv. */
export function convAttributes(layer: ConvGeometry & { readonly groups: number }) {
  return { group: layer.groups, ...window(layer), dilations: [1, 1] };
}

/** Attributes of a pooling window. */
export function window({ kernel, stride, padding }: ConvGeometry) {
  return {
    kernel_shape: [kernel.height, kernel.width],
    strides: [stride.y, stride.x],
    pads: [padding.top, padding.left, padding.bottom, padding.right],
  };
}

function clamps({ lo, hi }: RequantizeLayer, dtype: TensorInfo["quantization"]["dtype"]): boolean {
  const range = rangeOf(dtype);
  return lo > range.lo || hi < range.hi;
}

function requantizeNodes(layer: RequantizeLayer, { quantization }: TensorInfo): readonly Node[] {
  const { name, input, output } = layer;
  const clip = clamps(layer, quantization.dtype);
  const quantized = clip ? `${name}.unclamped` : output;
  const nodes = [
    operatorNode("DequantizeLinear", `${name}.dequantize`, operandNames(input), [`${name}.real`]),
    operatorNode(
      "QuantizeLinear",
      clip ? `${name}.quantize` : name,
      [`${name}.real`, ...quantizationNames(output)],
      [quantized],
    ),
  ];
  if (clip) nodes.push(operatorNode("Clip", name, [quantized, `${name}.lo`, `${name}.hi`], [output]));
  return nodes;
}
