import { VargenError } from "../../../models/errors.ts";
import type { ConvLayer, TensorInfo } from "../../../models/ir/network.ts";
import { unbounded } from "./value-map.ts";

/** Zero point in the int8 frame that all activations have on chip. */
export function int8ZeroPoint({ quantization }: TensorInfo): number {
  return quantization.zeroPoint - (quantization.dtype === "uint8" ? 128 : 0);
}

/**
 * Stride on both axes; where an axis has one output its stride does not matter.
 * @throws VargenError if the array has no such stride
 */
export function commonStride(
  { name, stride: { y, x } }: Pick<ConvLayer, "name" | "stride">,
  { shape }: TensorInfo,
): 1 | 2 {
  const strides = new Set<number>();
  if (shape.height > 1) strides.add(y);
  if (shape.width > 1) strides.add(x);
  const [stride = 1, other] = strides;
  if (other === undefined && (stride === 1 || stride === 2)) return stride;
  const hint = "the array runs stride 1 or 2, equal on both axes";
  throw new VargenError([{ code: "compile/stride", path: name, message: `stride ${y}x${x} is not supported`, hint }]);
}

/** Fields of an operation that follow from its tensors alone. */
export function frame(name: string, input: TensorInfo, output: TensorInfo) {
  return {
    name,
    layers: [name],
    input: input.name,
    residual: undefined,
    output: output.name,
    inputShape: input.shape,
    outputShape: output.shape,
    bounds: unbounded,
    drain: "store",
    tables: undefined,
  } as const;
}
