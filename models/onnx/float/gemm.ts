import { elementCount } from "../../ir/shape.ts";
import type { ImportNode } from "../import/node.ts";
import type { FloatContext } from "./context.ts";
import { readFloatBias } from "./conv.ts";

/** Gemm: alpha A B + beta C, with constant B and C. */
export function readGemm(node: ImportNode, context: FloatContext): void {
  if (node.int("transA", 0) !== 0) {
    node.report("attribute", "attribute transA is not 0", "transpose it at export");
    return;
  }
  fullyConnected(node, context, node.int("transB", 0) !== 0, node.float("alpha", 1), node.float("beta", 1));
}

/** MatMul of an activation and a constant: a fully connected layer; its bias is added after it. */
export function readMatMul(node: ImportNode, context: FloatContext): void {
  fullyConnected(node, context, false, 1, 0);
}

function fullyConnected(
  node: ImportNode,
  context: FloatContext,
  transposed: boolean,
  alpha: number,
  beta: number,
): void {
  const input = node.realTensor(0);
  const constant = node.float32(1);
  if (input === undefined || constant === undefined) return;
  const { dims, channelsLast } = input.view;
  const { shape, values } = constant;
  const [outputs, inputs] = transposed ? shape : [shape[1], shape[0]];
  const elements = elementCount(input.tensor.shape);
  if (shape.length !== 2 || dims.length !== 2 || dims[0] !== 1 || dims[1] !== inputs || inputs !== elements) {
    const message = `weights [${shape}] do not fit '${input.tensor.name}' of shape [${dims}]`;
    node.report("weights", message, "flatten it to [1, values] and give as many weights");
    return;
  }
  if (channelsLast && inputs !== input.tensor.shape.channels) {
    node.report("layout", "it flattens a map with its channels last", "export the model channels first (NCHW)");
    return;
  }
  const bias = readFloatBias(node, 2, outputs);
  if (bias === undefined || !context.spend(node, 4 * values.length)) return;
  const weights = new Float32Array(values.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      weights[o * inputs + i] = alpha * values[transposed ? o * inputs + i : i * outputs + o];
  const tensor = context.emitGemm(node, input.tensor, { weights, bias: bias.map((value) => beta * value) });
  if (tensor !== undefined) context.defineReal(node, tensor, [1, outputs]);
}
