import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** Inputs: x; scale; bias; mean; variance. Folded into the weights of the convolution that it follows. */
export function readBatchNormalization(node: NodeView, context: FloatContext): void {
  const draft = context.foldable(node, ["conv"]);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => node.floats(index));
  if (draft?.parameters === undefined || draft.node.kind !== "conv") return;
  if (scale === undefined || shift === undefined || mean === undefined || variance === undefined) return;
  const { outputChannels, relu } = draft.node;
  if (relu) {
    node.report("fold", "it follows a Relu", "batch normalisation must directly follow its convolution");
    return;
  }
  if (![scale, shift, mean, variance].every((values) => values.length === outputChannels)) {
    node.report("constant", `its constants do not have one value for each of the ${outputChannels} channels`);
    return;
  }
  const epsilon = node.float("epsilon", 1e-5);
  const factors = variance.map((value, channel) => scale[channel] / Math.sqrt(value + epsilon));
  const depth = draft.parameters.weights.length / outputChannels;
  const { weights, bias } = draft.parameters;
  draft.parameters = {
    weights: weights.map((weight, i) => weight * factors[Math.floor(i / depth)]),
    bias: bias.map((value, channel) => (value - mean[channel]) * factors[channel] + shift[channel]),
  };
  draft.node = { ...draft.node, batchNorm: true };
  context.alias(node, draft);
}
