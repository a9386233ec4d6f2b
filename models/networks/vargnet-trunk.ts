import type { BlockLibrary } from "./blocks.ts";
import { type Pyramid, pyramid } from "./pyramid.ts";

/** Named architectures. */
export const architectures = ["vargnet-v1", "vargnet-v2"] as const;
export type Architecture = (typeof architectures)[number];

/** Normal blocks after the Down (v2's first: Head) block of stages 1 to 4, strides 4 to 32. */
const repeats: Readonly<Record<Architecture, readonly number[]>> = {
  "vargnet-v1": [0, 0, 2, 1],
  "vargnet-v2": [0, 2, 6, 3],
};

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
