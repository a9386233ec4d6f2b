import { elementTypeName } from "../constant.ts";
import { ElementType } from "../proto.ts";
import { dequantizedConstantOf } from "./constants.ts";
import { symmetricWeights } from "./linear.ts";
import type { ImportNode } from "./node.ts";

/** Weights of an integer operator. */
export interface ReadWeights {
  readonly shape: readonly number[];
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Reads int8 weights (or uint8 ones around 128) with scale and zero point at the next two inputs. A single scale is
 * repeated per channel.
 *
 * @param rank dimensions that the weights must have
 * @param channelAxis which of them is the output channel
 */
export function readWeights(
  node: ImportNode,
  index: number,
  rank: number,
  channelAxis: number,
): ReadWeights | undefined {
  const tensor = node.constant(index);
  const scales = node.floats(index + 1);
  if (tensor === undefined || scales === undefined) return undefined;
  const { int8, uint8 } = ElementType;
  if (tensor.dataType !== int8 && tensor.dataType !== uint8)
    return node.report(
      "weights",
      `weights '${tensor.name}' hold ${elementTypeName(tensor.dataType)}`,
      "quantise them to int8",
    );
  const constant = dequantizedConstantOf(node, index, scales);
  if (constant === undefined) return undefined;
  const shape = constant.dims;
  if (shape.length !== rank)
    return node.report("weights", `weights of shape [${shape}] do not have the ${rank} dimensions of ${node.operator}`);
  const values = symmetricWeights(node, { ...constant, axis: channelAxis });
  if (values === undefined) return undefined;
  const channels = shape[channelAxis];
  if (scales.length === 1) return { shape, values, scales: new Float32Array(channels).fill(scales[0]) };
  if (scales.length === channels) return { shape, values, scales };
  return node.report("weights", `${scales.length} weight scales for ${channels} output channels`, "give one for each");
}

/** The int32 bias of a layer, or zeros where the operator has none. */
export function readBias(node: ImportNode, index: number, channels: number): Int32Array | undefined {
  if (node.inputName(index) === "") return new Int32Array(channels);
  const bias = node.int32(index);
  if (bias === undefined || bias.length === channels) return bias;
  return node.report("bias", `${bias.length} biases for ${channels} output channels`, "give one for each");
}
