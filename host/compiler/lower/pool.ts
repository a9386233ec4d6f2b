import { poolScale } from "../../../models/arithmetic/index.ts";
import type { GlobalAveragePoolLayer, MaxPoolLayer, TensorInfo, UpsampleLayer } from "../../../models/ir/network.ts";
import { channelConstants } from "./channels.ts";
import { copyOperation, identityConstants } from "./copy.ts";
import { commonStride, frame, int8ZeroPoint } from "./frame.ts";
import type { LogicalOperation } from "./operation.ts";
import { onePass, passPerHalf, passPerTap } from "./passes.ts";

/** The least int8 value: padding that no maximum takes. */
const LEAST = -128;

/** Fields of an operation that works on each channel by itself, with the weight 1 for every tap. */
export function channelwise(name: string, input: TensorInfo, output: TensorInfo) {
  const { channels } = input.shape;
  const weights = new Int8Array(channels).fill(1);
  return { ...frame(name, input, output), groups: channels, weightHold: true, weights, macs: 0 } as const;
}

/** The mean of a whole map. */
export function lowerGlobalAveragePool(
  { name }: GlobalAveragePoolLayer,
  input: TensorInfo,
  output: TensorInfo,
): LogicalOperation {
  const { channels, height, width } = input.shape;
  const base = channelwise(name, input, output);
  const xZero = int8ZeroPoint(input);
  const constants = channelConstants({
    layer: name,
    weights: base.weights,
    repeats: height * width,
    scales: new Float32Array(channels).fill(poolScale(input.quantization, output.quantization, height * width)),
    bias: new Int32Array(channels),
    xZero,
  });
  const kernel = { height, width };
  return {
    ...base,
    kernel,
    stride: 1,
    padding: { top: 0, left: 0 },
    passes: onePass(output.shape, kernel, { xZero, constants, z1: int8ZeroPoint(output) }),
  };
}

/** The greatest value of a window: one pass for each tap; at stride 1 first along the rows, then along the columns. */
export function lowerMaxPool(layer: MaxPoolLayer, input: TensorInfo, output: TensorInfo): readonly LogicalOperation[] {
  const { name, kernel, padding } = layer;
  const stride = commonStride(layer, output);
  if (stride === 2 || kernel.height === 1 || kernel.width === 1)
    return [maxOf(name, input, output, { ...layer, stride })];
  const shape = { ...input.shape, width: output.shape.width };
  const rows = { ...input, name: `${output.name} along rows`, shape };
  return [
    maxOf(name, input, rows, { kernel: { ...kernel, height: 1 }, padding: { ...padding, top: 0 }, stride }),
    maxOf(name, rows, output, { kernel: { ...kernel, width: 1 }, padding: { ...padding, left: 0 }, stride }),
  ];
}

function maxOf(
  name: string,
  input: TensorInfo,
  output: TensorInfo,
  { kernel, padding, stride }: Pick<LogicalOperation, "kernel" | "padding" | "stride">,
): LogicalOperation {
  const constants = identityConstants(input.shape.channels);
  const [whole] = onePass(output.shape, kernel, { xZero: LEAST, constants, z1: 0 });
  return {
    ...channelwise(name, input, output),
    kernel,
    stride,
    padding: { top: padding.top, left: padding.left },
    passes: passPerTap(whole),
    drain: "max",
  };
}

/** Each pixel twice in both directions. */
export function lowerUpsample({ name }: UpsampleLayer, input: TensorInfo, output: TensorInfo): LogicalOperation {
  const copy = copyOperation(name, input.name, output.name, input.shape);
  return { ...copy, passes: copy.passes.flatMap(passPerHalf), drain: "upsample" };
}
