import type { Padding } from "../ir/network.ts";
import type { NodeView } from "./node.ts";

/**
 * Geometry of Conv and QLinearConv from their attributes.
 *
 * @param shape of the weights: [output channels, input channels / groups, kernel height, kernel width]
 */
export function readGeometry(node: NodeView, shape: readonly number[]) {
  const kernel = node.ints("kernel_shape", shape.slice(2));
  const strides = node.ints("strides", [1, 1]);
  const dilations = node.ints("dilations", [1, 1]);
  const padding = readPadding(node);
  if (kernel === undefined || strides === undefined || dilations === undefined || padding === undefined)
    return undefined;
  if (kernel[0] !== shape[2] || kernel[1] !== shape[3])
    return node.report("attribute", `attribute kernel_shape is [${kernel}], but the weights are [${shape}]`);
  if (dilations.some((dilation) => dilation !== 1))
    return node.report(
      "attribute",
      `attribute dilations is [${dilations}]`,
      "dilated convolutions are not supported: use dilations 1",
    );
  return {
    groups: node.int("group", 1),
    kernel: { height: kernel[0], width: kernel[1] },
    stride: { y: strides[0], x: strides[1] },
    padding,
  };
}

function readPadding(node: NodeView): Padding | undefined {
  const auto = node.text("auto_pad", "NOTSET");
  if (auto === "VALID") return { top: 0, left: 0, bottom: 0, right: 0 };
  if (auto !== "NOTSET")
    return node.report("attribute", `attribute auto_pad is '${auto}'`, "export the model with explicit pads");
  const pads = node.ints("pads", [0, 0, 0, 0]);
  return pads && { top: pads[0], left: pads[1], bottom: pads[2], right: pads[3] };
}
