import type { QuantizedNode } from "./node.ts";

/** Weights of QLinearConv or QGemm as they stand in the file. */
export interface ReadWeights {
  readonly shape: readonly number[];
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Reads int8 weights with scale and zero point at the next two inputs. A single scale is repeated per channel.
 *
 * @param rank dimensions that the weights must have
 * @param channelAxis which of them is the output channel
 */
export function readWeights(
  node: QuantizedNode,
  index: number,
  rank: number,
  channelAxis: number,
): ReadWeights | undefined {
  const weights = node.int8(index);
  const scales = node.floats(index + 1);
  const zeroPoints = node.int8(index + 2);
  if (weights === undefined || scales === undefined || zeroPoints === undefined) return undefined;
  const { shape, values } = weights;
  if (shape.length !== rank)
    return node.report("weights", `weights of shape [${shape}] do not have the ${rank} dimensions of ${node.operator}`);
  if (zeroPoints.values.some((zeroPoint) => zeroPoint !== 0))
    return node.report("weights", "weight zero points are not 0", "quantise the weights symmetrically");
  const channels = shape[channelAxis];
  if (scales.length === 1) return { shape, values, scales: new Float32Array(channels).fill(scales[0]) };
  if (scales.length === channels) return { shape, values, scales };
  return node.report("weights", `${scales.length} weight scales for ${channels} output channels`);
}

/** The bias of a layer, or zeros where the operator has none. */
export function readBias(node: QuantizedNode, index: number, channels: number): Int32Array | undefined {
  if (node.inputName(index) === "") return new Int32Array(channels);
  const bias = node.int32(index);
  if (bias === undefined || bias.length === channels) return bias;
  return node.report("bias", `${bias.length} biases for ${channels} output channels`);
}
