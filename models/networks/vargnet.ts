import { type Problem, VargenError } from "../errors.ts";
import type { NetworkGraph } from "../graph/graph.ts";
import { BlockLibrary } from "./blocks.ts";

/** Named architectures. */
export const architectures = ["vargnet-v1", "vargnet-v2"] as const;
export type Architecture = (typeof architectures)[number];

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
  const stem = library.conv("conv1", "image", 32 * scale, { kernel: 3, stride: 2, relu: true });
  const trunk = architecture === "vargnet-v1" ? trunkV1(library, stem) : trunkV2(library, stem);
  const features = library.conv("conv5", trunk, Math.max(1, scale) * 1024, { relu: true });
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

function trunkV1(library: BlockLibrary, stem: string): string {
  const x = library.down("stage2.down", library.down("stage1.down", stem));
  const y = normals(library, "stage3", library.down("stage3.down", x), 2);
  return normals(library, "stage4", library.down("stage4.down", y), 1);
}

function trunkV2(library: BlockLibrary, stem: string): string {
  const x = library.head("stage1.head", stem);
  const y = normals(library, "stage2", library.down("stage2.down", x), 2);
  const z = normals(library, "stage3", library.down("stage3.down", y), 6);
  return normals(library, "stage4", library.down("stage4.down", z), 3);
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
