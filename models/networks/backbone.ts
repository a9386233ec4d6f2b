import { BlockLibrary } from "./blocks.ts";
import { invertedResidual, mobilenetV1Trunk, mobilenetV2Top, mobilenetV2Trunk } from "./mobilenet.ts";
import type { SettledOptions } from "./options.ts";
import type { Pyramid } from "./pyramid.ts";
import { basicBlock, resnetTrunk } from "./resnet.ts";
import { shufflenetV1Trunk, shufflenetV2Channels, shufflenetV2Trunk } from "./shufflenet.ts";
import { type Architecture, conv5Channels, vargnetTrunk } from "./vargnet-trunk.ts";
import type { GraphWriter } from "./writer.ts";

/** Networks that the paper builds on. */
export const backbones = [
  "vargnet-v1",
  "vargnet-v2",
  "mobilenet-v1",
  "mobilenet-v2",
  "shufflenet-v1",
  "shufflenet-v2",
  "resnet-18",
  "resnet-50",
] as const;
export type BackboneName = (typeof backbones)[number];

/** A decoder's blocks in the manner of a backbone. Each takes a block's name and a tensor. */
export interface DecoderBlocks {
  /** Half the size, twice the channels: makes a sixth level. */
  readonly deepen?: (block: string, input: string) => string;
  /** To other channels. */
  readonly fuse: (block: string, input: string, outputs: number) => string;
  /** One more block of the same shape. */
  readonly keep: (block: string, input: string) => string;
  /** `keep` blocks at strides 2, 4, 8, 16 and 32: as many as the backbone's stages there have after their first. */
  readonly repeats: readonly [number, number, number, number, number];
  /** Channels at these strides, where they are not the backbone's. */
  readonly channels?: readonly [number, number, number, number, number];
}

/** A backbone written into a graph that can be continued. */
export interface Backbone {
  readonly writer: GraphWriter;
  readonly trunk: Pyramid;
  /** The last 1x1 convolution before the classifier, if it has one (else its input). */
  readonly top: () => string;
  /** Blocks of a U-Net's decoder; the paper has none for MobileNet v1 and ShuffleNet. */
  readonly decoder?: DecoderBlocks;
  /** @throws VargenError for group convolutions that G does not divide */
  readonly check: () => void;
}

/** How a task changes a backbone. */
export interface BackboneVariant {
  /** Stride of the first convolution (default 2). */
  readonly stride?: number;
  /** The first bottleneck of MobileNet v2 with its expansion, see `MobileNetV2Options`. */
  readonly expandFirst?: boolean;
  /** ShuffleNet v2's stage 2 at scale 1 has the 116 channels of its own paper. */
  readonly standardShuffle?: boolean;
}

/**
 * Writes a backbone whose input is called `image`; the scale has been checked.
 *
 * @see scaleProblems
 */
export function backbone(
  name: BackboneName,
  options: Pick<SettledOptions, "scale" | "group" | "inputChannels">,
  variant: BackboneVariant = {},
): Backbone {
  const { scale, group, inputChannels } = options;
  const library = new BlockLibrary(group, "image", inputChannels);
  const common = { writer: library, check: () => library.check() };
  const { stride = 2 } = variant;
  switch (name) {
    case "vargnet-v1":
    case "vargnet-v2":
      return { ...common, ...vargnetBackbone(library, name, scale, stride) };
    case "mobilenet-v1": {
      const trunk = mobilenetV1Trunk(library, "image", scale, stride);
      return { ...common, trunk, top: () => trunk.s32 };
    }
    case "mobilenet-v2": {
      const { expandFirst = false } = variant;
      const trunk = mobilenetV2Trunk(library, "image", scale, { stride, expandFirst });
      const top = (): string => mobilenetV2Top(library, trunk.s32, scale);
      return { ...common, trunk, top, decoder: mobilenetDecoder(library) };
    }
    case "shufflenet-v1": {
      const trunk = shufflenetV1Trunk(library, "image", scale, stride);
      return { ...common, trunk, top: () => trunk.s32 };
    }
    case "shufflenet-v2": {
      const channels = variant.standardShuffle && scale === 1 ? 116 : (shufflenetV2Channels.get(scale) ?? 0);
      const trunk = shufflenetV2Trunk(library, "image", channels, stride);
      const top = (): string => library.conv("conv5", trunk.s32, scale > 1 ? 2048 : 1024, { relu: true });
      return { ...common, trunk, top };
    }
    case "resnet-18":
    case "resnet-50": {
      const trunk = resnetTrunk(library, "image", name === "resnet-18" ? 18 : 50);
      return { ...common, trunk, top: () => trunk.s32, decoder: resnetDecoder(library) };
    }
  }
}

function vargnetBackbone(library: BlockLibrary, name: Architecture, scale: number, stride: number) {
  const trunk = vargnetTrunk(library, name, "image", 32 * scale, stride);
  const decoder: DecoderBlocks = {
    deepen: (block, input) => library.down(block, input),
    fuse: (block, input, outputs) => library.sep(`${block}/sep`, input, outputs, { relu: true }),
    keep: (block, input) => library.normal(block, input),
    repeats: name === "vargnet-v1" ? [0, 0, 0, 2, 1] : [0, 0, 2, 6, 3],
  };
  return {
    trunk,
    decoder,
    top: () => library.conv("conv5", trunk.s32, conv5Channels(scale), { relu: true }),
  };
}

function mobilenetDecoder(writer: GraphWriter): DecoderBlocks {
  const shape = { expansion: 6, stride: 1, expand: true };
  return {
    fuse: (block, input, outputs) => invertedResidual(writer, block, input, outputs, shape),
    keep: (block, input) => invertedResidual(writer, block, input, writer.channelsOf(input), shape),
    repeats: [0, 1, 2, 5, 2],
  };
}

/** ResNet-50's decoder is ResNet-18's: the paper's two differ by little more than their encoders. */
function resnetDecoder(writer: GraphWriter): DecoderBlocks {
  return {
    fuse: (block, input, outputs) => basicBlock(writer, block, input, outputs, 1),
    keep: (block, input) => basicBlock(writer, block, input, writer.channelsOf(input), 1),
    repeats: [0, 1, 1, 1, 1],
    channels: [64, 64, 128, 256, 512],
  };
}
