import { realConstant } from "./constants.ts";
import { foldAffine } from "./linear.ts";
import type { ImportNode } from "./node.ts";
import { isOpen } from "./value.ts";

/** BatchNormalization: folds into the convolution before it. */
export function readBatchNormalization(node: ImportNode): void {
  const parts = [1, 2, 3, 4].map((index) => realConstant(node, index)?.values);
  const [scale, shift, mean, variance] = parts;
  const value = node.value(0);
  if (value === undefined || scale === undefined || shift === undefined || mean === undefined || variance === undefined)
    return;
  const epsilon = node.float("epsilon", 1e-5);
  const factors = scale.map((s, c) => s / Math.sqrt(variance[c] + epsilon));
  const offsets = shift.map((s, c) => s - mean[c] * factors[c]);
  if (![...factors, ...offsets].every(Number.isFinite)) {
    node.report(
      "constant",
      "its parameters give no finite factors",
      "train again: a variance is negative or no number",
    );
    return;
  }
  const foldable = value.kind === "draft" && isOpen(value);
  const linear = foldable ? value.draft.linear : undefined;
  if (value.kind !== "draft" || linear === undefined) {
    node.report(
      "fold",
      `input '${node.inputName(0)}' is not the result of a Conv or Gemm that is still to be quantised`,
      "fold batch normalisation into the convolution before quantising",
    );
    return;
  }
  if (linear.scales.length !== factors.length) {
    node.report("constant", `${factors.length} parameters for ${linear.scales.length} channels`, "give one for each");
    return;
  }
  node.context.note(node, "drain", `folded into ${value.draft.node.label}`);
  const folded = foldAffine(node, linear, factors, offsets);
  if (folded !== undefined) node.context.define(node.output, { ...value, draft: { ...value.draft, linear: folded } });
}
