import { readGeometry } from "../geometry.ts";
import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";
import { readBias, readWeights } from "./weights.ts";

/** Inputs: x, scale, zero point; w, scale, zero point; scale and zero point of y; bias. */
export function readQLinearConv(node: QuantizedNode, context: ReadContext): void {
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
