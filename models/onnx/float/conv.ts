import { readGeometry } from "../geometry.ts";
import { mapDims } from "../import/materialize.ts";
import type { ImportNode } from "../import/node.ts";
import { type FloatContext, plain } from "./context.ts";

/** Inputs: x; weights [O][I/groups][kh][kw]; bias. */
export function readConv(node: ImportNode, context: FloatContext): void {
  const input = node.realTensor(0);
  const weights = node.float32(1);
  if (input === undefined || weights === undefined || node.map(input.view) === undefined) return;
  const { shape, values } = weights;
  const { channels } = input.tensor.shape;
  if (shape.length !== 4) {
    const hint = "only convolutions over height and width are read";
    node.report("weights", `weights of shape [${shape}] are not those of a 2-dimensional convolution`, hint);
    return;
  }
  const geometry = readGeometry(node, shape, input.tensor.shape);
  const bias = readFloatBias(node, 2, shape[0]);
  if (geometry === undefined || bias === undefined) return;
  if (shape[1] * geometry.groups !== channels) {
    const message = `weights [${shape}] in ${geometry.groups} groups do not fit the ${channels} channels`;
    node.report("weights", `${message} of '${input.tensor.name}'`, "check group");
    return;
  }
  const tensor = context.emitConv(node, input.tensor, geometry, { parameters: { weights: values, bias }, ...plain });
  if (tensor !== undefined) context.defineReal(node, tensor, mapDims(tensor.shape));
}

/** A bias of the right length, or zeros where it is left out. */
export function readFloatBias(node: ImportNode, index: number, channels: number): Float32Array | undefined {
  if (node.inputName(index) === "") return new Float32Array(channels);
  const bias = node.floats(index);
  if (bias === undefined || bias.length === channels) return bias;
  if (bias.length === 1) return new Float32Array(channels).fill(bias[0]);
  return node.report("bias", `${bias.length} biases for ${channels} output channels`, "give one for each");
}
