import { elementCount } from "../../ir/shape.ts";
import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";
import { readFloatBias } from "./conv.ts";

/** Inputs: A; B; C. */
export function readGemm(node: NodeView, context: FloatContext): void {
  const input = context.activation(node, 0);
  const weights = node.float32(1);
  if (input === undefined || weights === undefined) return;
  if (
    node.int("transB", 0) !== 1 ||
    node.int("transA", 0) !== 0 ||
    node.float("alpha", 1) !== 1 ||
    node.float("beta", 1) !== 1
  ) {
    node.report(
      "attribute",
      "attributes transA, transB, alpha, beta are not 0, 1, 1, 1",
      "export the layer as PyTorch does",
    );
    return;
  }
  const { shape, values } = weights;
  if (shape.length !== 2 || shape[1] !== elementCount(input.shape)) {
    node.report("weights", `weights [${shape}] do not fit the ${elementCount(input.shape)} values of '${input.name}'`);
    return;
  }
  const bias = readFloatBias(node, 2, shape[0]);
  if (bias === undefined) return;
  const layer = { kind: "gemm", name: node.name, input: input.name, outputChannels: shape[0], relu: false } as const;
  context.add(node, layer, input.shape, { weights: values, bias });
}
