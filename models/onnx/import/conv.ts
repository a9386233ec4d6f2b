import type { ConvLayer, FeatureShape, TensorInfo } from "../../ir/network.ts";
import { convOutputShape, formatShape } from "../../ir/shape.ts";
import { readGeometry } from "../geometry.ts";
import { channelScales, dequantizedInput, integerParameters, realBias, symmetricWeights } from "./linear.ts";
import { mapDims, viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { draftOf, type View } from "./value.ts";
import { readBias, readWeights } from "./weights.ts";

/** Conv of dequantised values: inputs x, w, bias. Its layer is made when its result is quantised. */
export function readConv(node: ImportNode): void {
  const { context } = node;
  const input = node.realTensor(0);
  const constant = dequantizedInput(node, 1);
  const weights = constant && symmetricWeights(node, constant);
  const scales = constant && channelScales(node, constant, 0);
  if (input === undefined || constant === undefined || weights === undefined || scales === undefined) return;
  const { tensor } = input;
  const base = convBase(node, constant.dims, tensor, input.view);
  const bias = realBias(node, 2, tensor.quantization.scale, scales);
  if (base === undefined || bias === undefined) return;
  context.define(
    node.output,
    draftOf({
      node,
      dims: mapDims(convOutputShape(base, scales.length, tensor.shape)),
      linear: { weights, scales, bias },
      layer: (name, output, linear) => {
        const parameters = linear && integerParameters(node, linear, tensor.quantization);
        return parameters && { ...base, name, output, ...parameters };
      },
    }),
  );
}

/** QLinearConv: inputs x, scale, zero point; w, scale, zero point; scale and zero point of y; bias. */
export function readQLinearConv(node: ImportNode): void {
  const input = node.quantizedTensor(0);
  const weights = readWeights(node, 3, 4, 0);
  const quantization = node.quantization(6, 7, input?.tensor.quantization.dtype);
  if (input === undefined || weights === undefined || quantization === undefined) return;
  const base = convBase(node, weights.shape, input.tensor, input.view);
  const bias = readBias(node, 8, weights.shape[0]);
  if (base === undefined || bias === undefined) return;
  const { name, output } = node;
  const layer = { ...base, name, output, weights: weights.values, weightScales: weights.scales, bias };
  const tensor = node.context.emit(node, layer, quantization);
  if (tensor === undefined) return;
  node.context.define(output, { kind: "integer", view: viewOf(tensor, mapDims(tensor.shape), node) });
}

function convBase(node: ImportNode, shape: readonly number[], input: TensorInfo, view: View) {
  if (shape.length !== 4)
    return node.report("weights", `weights of shape [${shape}] are not those of a 2-dimensional convolution`);
  const base = node.map(view) && readGeometry(node, shape, input.shape);
  if (base === undefined) return undefined;
  if (!fits(node, shape, base.groups, input.name, input.shape)) return undefined;
  return { kind: "conv", input: input.name, ...base } as const satisfies Partial<ConvLayer>;
}

function fits(node: ImportNode, dims: readonly number[], groups: number, name: string, input: FeatureShape): boolean {
  if (dims[1] * groups === input.channels) return true;
  const message = `weights [${dims}] in ${groups} groups take ${dims[1] * groups} channels`;
  node.report("weights", `${message}, but '${name}' is ${formatShape(input)}, with ${input.channels}`, "check group");
  return false;
}
