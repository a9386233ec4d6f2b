import { readGeometry } from "../geometry.ts";
import type { NodeView } from "../node.ts";
import type { FloatContext } from "./context.ts";

/** Inputs: x; weights [O][I/groups][kh][kw]; bias. */
export function readConv(node: NodeView, context: FloatContext): void {
  const input = context.activation(node, 0);
  const weights = node.float32(1);
  if (input === undefined || weights === undefined) return;
  const { shape, values } = weights;
  if (shape.length !== 4) {
    node.report("weights", `weights of shape [${shape}] are not those of a convolution over height and width`);
    return;
  }
  const geometry = readGeometry(node, shape);
  const bias = readFloatBias(node, 2, shape[0]);
  if (geometry === undefined || bias === undefined) return;
  const { groups } = geometry;
  if (shape[1] * groups !== input.shape.channels || shape[0] % groups !== 0) {
    const message = `weights [${shape}] in ${groups} groups do not fit the ${input.shape.channels} channels`;
    node.report("weights", `${message} of '${input.name}'`);
    return;
  }
  const rest = { input: input.name, outputChannels: shape[0], batchNorm: false, relu: false };
  context.add(node, { kind: "conv", name: node.name, ...geometry, ...rest }, input.shape, { weights: values, bias });
}

/** A bias of the right length, or zeros where it is left out. */
export function readFloatBias(node: NodeView, index: number, channels: number): Float32Array | undefined {
  if (node.inputName(index) === "") return new Float32Array(channels);
  const bias = node.floats(index);
  if (bias === undefined || bias.length === channels) return bias;
  return node.report("bias", `${bias.length} biases for ${channels} output channels`);
}
