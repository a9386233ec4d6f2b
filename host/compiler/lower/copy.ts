import type { FeatureShape } from "../../../models/ir/network.ts";
import type { ChannelConstants } from "./channels.ts";
import type { LogicalOperation } from "./operation.ts";
import { onePass } from "./passes.ts";
import { unbounded } from "./value-map.ts";

/** S of a factor of 1. */
const ONE = 1n << 47n;

/** Constants of channels that keep the value of a weight of 1. */
export function identityConstants(channels: number): ChannelConstants {
  return { scales: new Array<bigint>(channels).fill(ONE), bias: new Int32Array(channels) };
}

/**
 * A tensor copied through the array unchanged.
 * @param layer the layer that it is for
 */
export function copyOperation(layer: string, input: string, output: string, shape: FeatureShape): LogicalOperation {
  const { channels } = shape;
  return {
    name: layer,
    layers: [layer],
    input,
    residual: undefined,
    output,
    inputShape: shape,
    outputShape: shape,
    groups: channels,
    kernel: { height: 1, width: 1 },
    stride: 1,
    padding: { top: 0, left: 0 },
    weightHold: false,
    weights: new Int8Array(channels).fill(1),
    passes: onePass(shape, { height: 1, width: 1 }, { xZero: 0, constants: identityConstants(channels), z1: 0 }),
    bounds: unbounded,
    drain: "store",
    tables: undefined,
    macs: 0,
  };
}
