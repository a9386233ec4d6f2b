import type { FeatureShape, Padding } from "../ir/network.ts";
import type { NodeView } from "./node.ts";

/**
 * Geometry of Conv and QLinearConv from their attributes.
 *
 * @param shape of the weights: [output channels, input channels / groups, kernel height, kernel width]
 * @param input extents, which automatic padding needs
 */
export function readGeometry(node: NodeView, shape: readonly number[], input?: FeatureShape) {
  const kernel = node.ints("kernel_shape", shape.slice(2));
  const window = kernel && readWindow(node, kernel, input);
  if (kernel === undefined || window === undefined) return undefined;
  if (kernel[0] !== shape[2] || kernel[1] !== shape[3])
    return node.report("attribute", `attribute kernel_shape is [${kernel}], but the weights are [${shape}]`);
  return { groups: node.int("group", 1), ...window };
}

/** Kernel, stride and padding of a convolution or pooling from its attributes. */
export function readWindow(node: NodeView, kernel: readonly number[], input?: FeatureShape) {
  const strides = node.ints("strides", [1, 1]);
  const dilations = node.ints("dilations", [1, 1]);
  const padding = strides && readPadding(node, kernel, strides, input);
  if (strides === undefined || dilations === undefined || padding === undefined) return undefined;
  if (dilations.some((dilation, axis) => dilation !== 1 && kernel[axis] !== 1))
    return node.report(
      "attribute",
      `attribute dilations is [${dilations}]`,
      "dilated kernels are not supported: use dilations 1",
    );
  return {
    kernel: { height: kernel[0], width: kernel[1] },
    stride: { y: strides[0], x: strides[1] },
    padding,
  };
}

function readPadding(
  node: NodeView,
  kernel: readonly number[],
  strides: readonly number[],
  input: FeatureShape | undefined,
): Padding | undefined {
  const auto = node.text("auto_pad", "NOTSET");
  if (auto === "VALID") return { top: 0, left: 0, bottom: 0, right: 0 };
  if ((auto === "SAME_UPPER" || auto === "SAME_LOWER") && input !== undefined) {
    const [top, bottom] = samePadding(input.height, kernel[0], strides[0], auto);
    const [left, right] = samePadding(input.width, kernel[1], strides[1], auto);
    return { top, left, bottom, right };
  }
  if (auto !== "NOTSET")
    return node.report("attribute", `attribute auto_pad is '${auto}'`, "export the model with explicit pads");
  const pads = node.ints("pads", [0, 0, 0, 0]);
  return pads && { top: pads[0], left: pads[1], bottom: pads[2], right: pads[3] };
}

/** Padding before and after, for ceil(extent / stride) outputs; an odd pixel goes after with SAME_UPPER. */
function samePadding(extent: number, kernel: number, stride: number, auto: string): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + kernel - extent);
  const less = Math.floor(total / 2);
  return auto === "SAME_UPPER" ? [less, total - less] : [total - less, less];
}
