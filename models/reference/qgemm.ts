import type { Activations, GemmLayer, TensorInfo } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { convolve } from "./qlinear-conv.ts";

const pointwise = {
  kernel: { height: 1, width: 1 },
  stride: { y: 1, x: 1 },
  padding: { top: 0, left: 0, bottom: 0, right: 0 },
};

/** ONNX Runtime's QGemm with transB = 1 over the flattened CHW input. */
export function qgemm(layer: GemmLayer, values: Activations, input: TensorInfo, output: TensorInfo): Activations {
  const channels = elementCount(input.shape);
  const flat = { channels, height: 1, width: 1 };
  return convolve(layer, values, input, output, () => ({
    geometry: pointwise,
    input: flat,
    output: output.shape,
    channel: 0,
    channels,
  }));
}
