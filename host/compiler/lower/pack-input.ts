import { type FeatureShape, type Network, type TensorInfo, tensorOf } from "../../../models/ir/network.ts";
import { isConcatenation, type LoweredItem, type LoweredNetwork } from "./lowered.ts";
import type { LogicalOperation } from "./operation.ts";

/**
 * The window that the host lays out beside each output pixel: the taps of a convolution become channels, in the order
 * `(channel * kernel.height + ky) * kernel.width + kx`, of a map with the extents of the convolution's output.
 */
export interface InputPacking {
  readonly kernel: { readonly height: number; readonly width: number };
  readonly stride: 1 | 2;
  readonly padding: { readonly top: number; readonly left: number };
  /** Channels, rows and columns of what the accelerator reads. */
  readonly shape: FeatureShape;
}

/** How a lowered network reads its input. */
export interface InputForm {
  readonly lowered: LoweredNetwork;
  /** The input as the first layers read it. */
  readonly input: TensorInfo;
  /** How the host makes it from the network's input; undefined if it is that as it is. */
  readonly packing: InputPacking | undefined;
}

/**
 * A lowered network whose first convolution reads its taps side by side, as a 1x1 convolution over more channels: its weights
 * are in that order already. The host writes the zero point for taps outside the map, so the bias that corrects it holds.
 *
 * @returns undefined unless the input is read once, by an operation with weights of a window of several taps
 */
export function packedForm(network: Network, lowered: LoweredNetwork): InputForm | undefined {
  const input = tensorOf(network, network.input);
  const reader = soleReader(network, lowered);
  if (reader === undefined || !isPackable(reader)) return undefined;
  const { kernel, stride, padding, outputShape } = reader;
  const shape = { ...outputShape, channels: reader.inputShape.channels * kernel.height * kernel.width };
  const packed: LogicalOperation = {
    ...reader,
    inputShape: shape,
    kernel: { height: 1, width: 1 },
    stride: 1,
    padding: { top: 0, left: 0 },
    passes: reader.passes.map((pass) => ({ ...pass, kernel: { height: 1, width: 1 } })),
  };
  const items = lowered.items.map((item) => (item === reader ? packed : item));
  return {
    lowered: { items, choices: lowered.choices, fused: lowered.fused },
    input: { ...input, shape },
    packing: { kernel, stride, padding, shape },
  };
}

/** The operation that reads the network's input, if nothing else does. */
function soleReader({ input, outputs }: Network, { items, choices }: LoweredNetwork): LogicalOperation | undefined {
  const chosen = [...choices.values()].some((choice) => choice.input === input);
  const readers = items.filter((item) => readsOf(item).includes(input));
  const [reader] = readers;
  if (chosen || outputs.includes(input) || readers.length !== 1 || isConcatenation(reader)) return undefined;
  return reader.residual === input ? undefined : reader;
}

function readsOf(item: LoweredItem): readonly (string | undefined)[] {
  return isConcatenation(item) ? item.inputs : [item.input, item.residual];
}

/** Whether every tap has weights of its own, in one pass. */
function isPackable({ kernel, passes, weightHold, drain }: LogicalOperation): boolean {
  return kernel.height * kernel.width > 1 && passes.length === 1 && !weightHold && drain === "store";
}
