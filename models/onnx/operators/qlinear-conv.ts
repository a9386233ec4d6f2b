import type { Padding } from "../../ir/network.ts";
import type { ReadContext } from "../context.ts";
import type { NodeView } from "../node.ts";
import { readBias, readWeights } from "./weights.ts";

/** Inputs: x, scale, zero point; w, scale, zero point; scale and zero point of y; bias. */
export function readQLinearConv(node: NodeView, context: ReadContext): void {
  const input = node.quantizedActivation(0);
  const weights = readWeights(node, 3, 4, 0);
  const quantization = node.quantization(6, 7);
  const geometry = readGeometry(node, weights?.shape ?? [0, 0, 1, 1]);
  if (input === undefined || weights === undefined || quantization === undefined || geometry === undefined) return;
  const { shape, values, scales } = weights;
  const bias = readBias(node, 8, shape[0]);
  if (bias === undefined) return;
  const { groups } = geometry;
  if (shape[1] * groups !== input.shape.channels) {
    const message = `weights [${shape}] in ${groups} groups take ${shape[1] * groups} channels`;
    node.report("weights", `${message}, but '${input.name}' has ${input.shape.channels}`);
    return;
  }
  const { name, output } = node;
  const layer = { kind: "conv", name, input: input.name, output, ...geometry } as const;
  context.addLayer(node, { ...layer, weights: values, weightScales: scales, bias }, quantization);
}

function readGeometry(node: NodeView, shape: readonly number[]) {
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
