import type {
  AveragePoolLayer,
  ChannelsLayer,
  MaxPoolLayer,
  RequantizeLayer,
  TensorInfo,
  UpsampleLayer,
} from "./network.ts";
import type { ConvGeometry } from "./shape.ts";

/** Collects the problems of one layer. */
export type Report = (code: string, message: string, hint?: string) => void;

/** Checks kernel, stride and padding. @returns whether kernel and stride are sound by themselves */
export function checkWindow({ kernel, stride, padding }: ConvGeometry, { shape }: TensorInfo, report: Report): boolean {
  const positive = {
    "kernel.height": kernel.height,
    "kernel.width": kernel.width,
    "stride.y": stride.y,
    "stride.x": stride.x,
  };
  let sound = true;
  for (const [key, value] of Object.entries(positive))
    if (!(Number.isInteger(value) && value >= 1)) {
      report("conv-parameter", `${key} is ${value}`, "it must be a positive integer");
      sound = false;
    }
  for (const [side, value] of Object.entries(padding))
    if (!(Number.isInteger(value) && value >= 0))
      report("conv-parameter", `padding.${side} is ${value}`, "it must be an integer, at least 0");
  if (!sound) return false;
  const height = shape.height + padding.top + padding.bottom;
  const width = shape.width + padding.left + padding.right;
  if (kernel.height > height || kernel.width > width)
    report("kernel", `kernel ${kernel.height}x${kernel.width} is larger than its padded input ${height}x${width}`);
  return true;
}

/** Checks a layer that moves, chooses or averages values. */
export function checkRearranged(
  layer: MaxPoolLayer | AveragePoolLayer | UpsampleLayer | ChannelsLayer,
  input: TensorInfo,
  output: TensorInfo,
  report: Report,
): void {
  if (layer.kind === "channels") {
    const { channels } = input.shape;
    const stray = layer.order.find((channel) => channel < 0 || channel >= channels);
    if (stray !== undefined) report("channels", `it takes channel ${stray} of ${channels}`);
    if (layer.order.length === 0) report("channels", "it takes no channel");
  } else if (layer.kind !== "upsample" && checkWindow(layer, input, report)) {
    const { kernel, padding } = layer;
    const vertical = Math.max(padding.top, padding.bottom) < kernel.height;
    if (!vertical || Math.max(padding.left, padding.right) >= kernel.width)
      report("padding", "a pooling window can lie outside the map", "pad by less than the kernel's extent");
  }
  const [a, b] = [input.quantization, output.quantization];
  if (layer.kind !== "averagePool" && (a.scale !== b.scale || a.zeroPoint !== b.zeroPoint))
    report("quantization", `input '${input.name}' and output '${output.name}' are not quantised alike`);
}

/** Checks a concatenation. */
export function checkConcat(inputs: readonly TensorInfo[], report: Report): void {
  const [{ shape }] = inputs;
  for (const input of inputs)
    if (input.shape.height !== shape.height || input.shape.width !== shape.width)
      report(
        "concat-shape",
        `input '${input.name}' is ${input.shape.height}x${input.shape.width}, the first ${shape.height}x${shape.width}`,
        "maps that are concatenated have one height and width",
      );
}

/** Checks the bounds of a requantisation. */
export function checkClamp({ lo, hi }: RequantizeLayer, { quantization }: TensorInfo, report: Report): void {
  const [least, most] = quantization.dtype === "int8" ? [-128, 127] : [0, 255];
  if (!(Number.isInteger(lo) && Number.isInteger(hi) && lo >= least && hi <= most && lo <= hi))
    report("clamp", `bounds [${lo}, ${hi}] are not within ${quantization.dtype}'s [${least}, ${most}]`);
}
