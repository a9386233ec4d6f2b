import type { TensorInfo } from "../../ir/network.ts";
import { elementCount } from "../../ir/shape.ts";
import { channelScales, dequantizedInput, integerParameters, realBias, symmetricWeights } from "./linear.ts";
import { viewOf } from "./materialize.ts";
import type { ImportNode } from "./node.ts";
import { transpose, transposeCost, transposedConstant } from "./transpose-constant.ts";
import { type DequantizedConstant, draftOf, type View } from "./value.ts";
import { readBias, readWeights } from "./weights.ts";

/** Gemm of dequantised values: inputs A, B, C. */
export function readGemm(node: ImportNode): void {
  if (plainGemm(node)) draftGemm(node, node.int("transB", 0) !== 0, 2);
}

/** MatMul of dequantised values: inputs A, B; a bias may be added after it. */
export function readMatMul(node: ImportNode): void {
  draftGemm(node, false, undefined);
}

/** QGemm: inputs A, scale, zero point; B, scale, zero point; C; scale and zero point of the result. */
export function readQGemm(node: ImportNode): void {
  if (node.inputName(7) === "") {
    node.report("attribute", "its output is float", "give it a scale and zero point for its output");
    return;
  }
  if (plainGemm(node)) integerGemm(node, node.int("transB", 0) !== 0, 6, 7);
}

/** QLinearMatMul: inputs a, scale, zero point; b, scale, zero point; scale and zero point of y. */
export function readQLinearMatMul(node: ImportNode): void {
  integerGemm(node, false, undefined, 6);
}

function plainGemm(node: ImportNode): boolean {
  for (const [name, standard] of [["transA", 0] as const]) {
    const value = node.int(name, standard);
    if (value !== standard) node.report("attribute", `attribute ${name} is ${value}`, "transpose it at export");
    if (value !== standard) return false;
  }
  for (const name of ["alpha", "beta"]) {
    const value = node.float(name, 1);
    if (value === 1) continue;
    node.report("attribute", `attribute ${name} is ${value}`, "only 1 is supported: fold it into weights and bias");
    return false;
  }
  return true;
}

function draftGemm(node: ImportNode, transposed: boolean, biasIndex: number | undefined): void {
  const input = node.realTensor(0);
  const stored = dequantizedInput(node, 1);
  const constant = stored && rowsFirst(node, stored, transposed);
  const weights = constant && symmetricWeights(node, constant);
  const scales = constant && channelScales(node, constant, 0);
  if (input === undefined || constant === undefined || weights === undefined || scales === undefined) return;
  const { tensor, view } = input;
  const { quantization } = tensor;
  const bias =
    biasIndex === undefined ? new Float64Array(scales.length) : realBias(node, biasIndex, quantization.scale, scales);
  if (bias === undefined || !fits(node, constant.dims, tensor, view)) return;
  node.context.define(
    node.output,
    draftOf({
      node,
      dims: [1, scales.length],
      linear: { weights, scales, bias },
      layer: (name, output, linear) => {
        const ordered = linear && channelsFirst(node, linear.weights, view);
        const parameters = linear && ordered && integerParameters(node, { ...linear, weights: ordered }, quantization);
        return parameters && { kind: "gemm", name, input: tensor.name, output, ...parameters };
      },
    }),
  );
}

function integerGemm(node: ImportNode, transposed: boolean, biasIndex: number | undefined, scaleIndex: number): void {
  const { context, name, output } = node;
  const input = node.quantizedTensor(0);
  const weights = readWeights(node, 3, 2, transposed ? 0 : 1);
  const quantization = node.quantization(scaleIndex, scaleIndex + 1, input?.tensor.quantization.dtype);
  if (input === undefined || weights === undefined || quantization === undefined) return;
  const { shape, scales } = weights;
  const dims = transposed ? shape : [shape[1], shape[0]];
  const bias = biasIndex === undefined ? new Int32Array(dims[0]) : readBias(node, biasIndex, dims[0]);
  if (bias === undefined || !fits(node, dims, input.tensor, input.view)) return;
  const rows = transposed ? weights.values : transpose(weights.values, shape[0], shape[1]);
  const values = channelsFirst(node, rows, input.view);
  if (values === undefined) return;
  const base = { kind: "gemm", name, input: input.tensor.name, output } as const;
  const tensor = context.emit(node, { ...base, weights: values, weightScales: scales, bias }, quantization);
  if (tensor !== undefined) context.define(output, { kind: "integer", view: viewOf(tensor, [1, dims[0]], node) });
}

/** Weights as [outputs, inputs]. */
function rowsFirst(node: ImportNode, constant: DequantizedConstant, rows: boolean) {
  const { dims } = constant;
  if (dims.length !== 2)
    return node.report("weights", `weights of shape [${dims}] have ${dims.length} dimensions`, "2 are needed");
  if (rows) return constant;
  return transposedConstant(node, constant);
}

/** Weights for an input that was flattened with its channels last, in the order that the tensor has. */
function channelsFirst(node: ImportNode, weights: Int8Array, { tensor, channelsLast }: View): Int8Array | undefined {
  const { channels, height, width } = tensor.shape;
  const pixels = height * width;
  if (!channelsLast || pixels === 1 || channels === 1) return weights;
  if (!node.context.spend(node, transposeCost * weights.length)) return undefined;
  const result = new Int8Array(weights.length);
  for (let row = 0; row < weights.length; row += channels * pixels)
    result.set(transpose(weights.subarray(row, row + channels * pixels), pixels, channels), row);
  return result;
}

function fits(node: ImportNode, [, inputs]: readonly number[], tensor: TensorInfo, { dims }: View): boolean {
  const elements = elementCount(tensor.shape);
  if (dims.length === 2 && dims[0] === 1 && dims[1] === elements && inputs === elements) return true;
  const flat = "flatten it to [1, values] and give as many weights";
  node.report("weights", `weights for ${inputs} inputs do not fit '${tensor.name}' of shape [${dims}]`, flat);
  return false;
}
