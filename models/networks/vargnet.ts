import { type Problem, VargenError } from "../errors.ts";
import type { NetworkGraph } from "../graph/graph.ts";
import { BlockLibrary } from "./blocks.ts";
import { type Pyramid, pyramid } from "./pyramid.ts";

/** Named architectures. */
export const architectures = ["vargnet-v1", "vargnet-v2"] as const;
export type Architecture = (typeof architectures)[number];

/** Normal blocks after the Down (v2's first: Head) block of stages 1 to 4, strides 4 to 32. */
const repeats: Readonly<Record<Architecture, readonly number[]>> = {
  "vargnet-v1": [0, 0, 2, 1],
  "vargnet-v2": [0, 2, 6, 3],
};

/** Size of a VarGNet. */
export interface VarGNetOptions {
  /** Multiplies all channel counts; the paper has 0.25, 0.5, 0.75 and 1 (default). c = 32 x scale must be an integer. */
  readonly scale?: number;
  /** G, input channels of a group: 4, 8 (default) or 16. */
  readonly group?: number;
  /** Height and width of the input in pixels, at least 1 (default 224). */
  readonly inputSize?: number;
  /** Channels of the input (default 3). */
  readonly inputChannels?: number;
  /** Outputs of the classifier (default 1000). */
  readonly classes?: number;
}

/**
 * The graph of VarGNet v1 (Table 1) or v2 (Table 2).
 *
 * @throws VargenError listing every option out of range and every group convolution that G does not divide
 */
export function vargnet(architecture: Architecture, options: VarGNetOptions = {}): NetworkGraph {
  const { scale = 1, group = 8, inputSize = 224, inputChannels = 3, classes = 1000 } = options;
  checkOptions({ scale, group, inputSize, inputChannels, classes });
  const library = new BlockLibrary(group, "image", inputChannels);
  const trunk = vargnetTrunk(library, architecture, "image", 32 * scale);
  const features = library.conv("conv5", trunk.s32, conv5Channels(scale), { relu: true });
  const output = library.classifier(features, classes);
  library.check();
  return {
    name: `${architecture}-${scale}x-g${group}`,
    input: "image",
    inputShape: { channels: inputChannels, height: inputSize, width: inputSize },
    output,
    nodes: library.nodes,
  };
}

/** Channels of the last 1x1 convolution, Conv5. */
export function conv5Channels(scale: number): number {
  return Math.max(1, scale) * 1024;
}

/**
 * VarGNet up to its last block: feature maps of stride 2 (the first convolution's) to 32.
 *
 * @param channels of the first convolution: 32 x scale
 * @param stride of the first convolution; with 1 all strides are half of what their names say
 */
export function vargnetTrunk(
  library: BlockLibrary,
  architecture: Architecture,
  input: string,
  channels: number,
  stride = 2,
): Pyramid {
  const stem = library.conv("conv1", input, channels, { kernel: 3, stride, relu: true });
  const ends = [stem];
  repeats[architecture].forEach((count, i) => {
    const stage = `stage${i + 1}`;
    const head = architecture === "vargnet-v2" && i === 0;
    const x = head ? library.head(`${stage}.head`, ends[i]) : library.down(`${stage}.down`, ends[i]);
    ends.push(normals(library, stage, x, count));
  });
  return pyramid(ends);
}

function normals(library: BlockLibrary, stage: string, input: string, count: number): string {
  let x = input;
  for (let i = 1; i <= count; i++) x = library.normal(`${stage}.normal${i}`, x);
  return x;
}

function checkOptions(options: Required<VarGNetOptions>): void {
  const problems: Problem[] = [];
  const { scale, ...integers } = options;
  const invalid = (path: string, message: string): void => {
    problems.push({ code: "network/option", path, message });
  };
  if (!(scale > 0 && Number.isInteger(32 * scale)))
    invalid("scale", `scale ${scale} does not give whole channel counts: it must be a positive multiple of 1/32`);
  for (const [path, value] of Object.entries(integers))
    if (!(Number.isInteger(value) && value >= 1)) invalid(path, `${path} is ${value}, not a positive integer`);
  if (![4, 8, 16].includes(options.group)) invalid("group", `G is ${options.group}, not 4, 8 or 16`);
  if (problems.length > 0) throw new VargenError(problems);
}
