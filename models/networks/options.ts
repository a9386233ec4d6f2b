import type { Problem } from "../errors.ts";

/** Size of a network. Not every network has every option, see `networkOptionNames`. */
export interface NetworkOptions {
  /** Multiplies channel counts (default 1). VarGNet: a multiple of 1/32. */
  readonly scale?: number;
  /** G of VarGNet, input channels of a group: 4, 8 (default) or 16. */
  readonly group?: number;
  /** Height and width of the input in pixels (default: those of the paper). */
  readonly inputSize?: number;
  /** Height of the input where it is not `inputSize`. */
  readonly inputHeight?: number;
  /** Width of the input where it is not `inputSize`. */
  readonly inputWidth?: number;
  /** Channels of the input (default 3; stereo: 6). */
  readonly inputChannels?: number;
  /** Outputs of the classifier (default 1000), semantic classes (default 19) or values of a face's embedding (256). */
  readonly classes?: number;
}

/** Name of one option. */
export type NetworkOptionName = keyof NetworkOptions;

/** Every option. */
export const networkOptions = [
  "scale",
  "group",
  "inputSize",
  "inputHeight",
  "inputWidth",
  "inputChannels",
  "classes",
] as const satisfies readonly NetworkOptionName[];

/** Options with the extents of the input settled. */
export type SettledOptions = Required<Omit<NetworkOptions, "inputSize">>;

/** A problem with one option. */
export function optionProblem(path: string, message: string): Problem {
  return { code: "network/option", path, message };
}
