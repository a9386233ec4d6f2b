/** The public face of `models/`: networks, their int8 arithmetic and reference, quantisation, files. */
export {
  type AddTerms,
  addTable,
  addTerms,
  addValue,
  dequantizeValue,
  effectiveScale,
  leadingOperand,
  poolScale,
  quantizeValue,
  rangeOf,
  requantize,
  requantizeTable,
} from "./arithmetic/index.ts";
export { ExitCode, formatProblem, type Problem, VargenError } from "./errors.ts";
export * from "./graph/index.ts";
export { hasType, newActivations } from "./ir/activations.ts";
export { NetworkBuilder } from "./ir/builder.ts";
export { accumulatorBounds, accumulatorLimit, correctedBias, effectiveScaleLimits } from "./ir/limits.ts";
export * from "./ir/network.ts";
export { elementCount, formatShape, layerMacs, networkMacs, sameShape } from "./ir/shape.ts";
export { checkedNetwork, networkProblems } from "./ir/validate.ts";
export * from "./networks/index.ts";
export * from "./onnx/index.ts";
export * from "./quantization/index.ts";
export { Random } from "./random/random.ts";
export { runLayer, runReference } from "./reference/index.ts";
