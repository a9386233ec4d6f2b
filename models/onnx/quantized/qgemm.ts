import { elementCount } from "../../ir/shape.ts";
import type { ReadContext } from "./context.ts";
import type { QuantizedNode } from "./node.ts";
import { readBias, readWeights } from "./weights.ts";

/** Inputs: A, scale, zero point; B, scale, zero point; C; scale and zero point of the result. */
export function readQGemm(node: QuantizedNode, context: ReadContext): void {
  const transposed = node.int("transB", 0) !== 0;
  const input = node.quantizedActivation(0);
  const weights = readWeights(node, 3, 2, transposed ? 0 : 1);
  const float = node.inputName(7) === "";
  if (float) node.report("attribute", "its output is float", "give it a scale and zero point for its output");
  const quantization = float ? undefined : node.quantization(7, 8);
  if (input === undefined || weights === undefined || quantization === undefined) return;
  const { shape, scales } = weights;
  const [channels, inputs] = transposed ? shape : [shape[1], shape[0]];
  const bias = readBias(node, 6, channels);
  if (bias === undefined) return;
  if (node.int("transA", 0) !== 0 || node.float("alpha", 1) !== 1) {
    node.report("attribute", "attributes transA and alpha are not 0 and 1", "fold them into the weights");
    return;
  }
  if (inputs !== elementCount(input.shape)) {
    node.report("weights", `weights [${shape}] do not fit the ${elementCount(input.shape)} values of '${input.name}'`);
    return;
  }
  const values = transposed ? weights.values : transpose(weights.values, inputs, channels);
  const { name, output } = node;
  const layer = { kind: "gemm", name, input: input.name, output, weights: values, weightScales: scales, bias } as const;
  context.addLayer(node, layer, quantization);
}

function transpose(values: Int8Array, rows: number, columns: number): Int8Array {
  return new Int8Array(values.length).map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
