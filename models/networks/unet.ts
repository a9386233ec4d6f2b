import type { NetworkGraph } from "../graph/graph.ts";
import { type Backbone, type BackboneName, backbone, type DecoderBlocks } from "./backbone.ts";
import { finish } from "./classifier.ts";
import type { NetworkOptions } from "./options.ts";
import { settle } from "./settle.ts";

/** Backbones of Tables 8 and 9. */
export const unetBackbones = ["vargnet-v1", "vargnet-v2", "mobilenet-v2", "resnet-18", "resnet-50"] as const;

/** Backbones of Tables 6 and 7. */
export const parsingBackbones = ["vargnet-v1", "vargnet-v2", "mobilenet-v2"] as const;

/** Output channels of the heads of {@link parsingNetwork}; a semantic head has one for each class. */
const headChannels = { instance: 3, depth: 1 } as const;

/** A head: semantic classes; an instance's centre and the offsets to it; inverse depth. */
export type ParsingHead = "semantic" | keyof typeof headChannels;

/** Heads and input of each task on Cityscapes: Table 6's 640 x 360, padded; Tables 7c and 7d's 2048 x 1024. */
const parsingTasks = {
  segmentation: { heads: ["semantic"], inputHeight: 384, inputWidth: 640 },
  panoptic: { heads: ["semantic", "instance"], inputHeight: 1024, inputWidth: 2048 },
  parsing: { heads: ["semantic", "instance", "depth"], inputHeight: 1024, inputWidth: 2048 },
} as const satisfies Record<string, { readonly heads: readonly [ParsingHead, ...ParsingHead[]] } & InputExtents>;

/** A task of {@link parsingNetwork}. */
export type ParsingTask = keyof typeof parsingTasks;

interface InputExtents {
  readonly inputHeight: number;
  readonly inputWidth: number;
}

/**
 * The U-Net of Fig. 3b: depth from one image (3 channels), or disparity from a stereo pair (6, left before right). One
 * output channel at the input's size, 384 x 1280 by default (KITTI's images fitted to a multiple of 64).
 *
 * The figure is lost. Our choices: a decoder that mirrors the encoder (at each level: upsample, concatenate, one block
 * back to the encoder's channels, then as many plain blocks as the encoder has there), half the channels at full size, a
 * last 3x3 convolution, and for VarGNet a sixth level of stride 64, which its published parameters ask for.
 *
 * @throws VargenError as `classifierNetwork` does, and for an input that is no multiple of 64
 */
export function unetNetwork(
  task: "depth" | "stereo",
  name: (typeof unetBackbones)[number],
  options: NetworkOptions = {},
): NetworkGraph {
  const inputChannels = task === "depth" ? 3 : 6;
  const { net, decoder, settled } = encoder(name, options, { inputHeight: 384, inputWidth: 1280, inputChannels });
  const { writer } = net;
  const half = decode(net, decoder, 0);
  const full = writer.upsample("up1/upsample", half);
  const fused = decoder.fuse("up1", full, Math.max(8, writer.channelsOf(half) / 2));
  const output = writer.conv(task, fused, 1, { kernel: 3, batchNorm: false });
  return finish(net, `${name}-${task}`, settled, [output]);
}

/**
 * The multi-task network of Fig. 3a (Tables 6 and 7): one encoder and decoder, as in {@link unetNetwork} but up to stride
 * 4, and on it heads: semantic classes, then instances, then depth, as far as the task has them; each is one block and a
 * 1x1 convolution. Outputs are at stride 4, in this order. By default 1024 x 2048, for segmentation alone 384 x 640 (the
 * paper's 360 x 640 padded to a multiple of 64). `classes` are the semantic ones (19).
 *
 * The figure is lost: heads and decoder are our choices.
 *
 * @throws VargenError as `unetNetwork` does
 */
export function parsingNetwork(
  task: ParsingTask,
  name: (typeof parsingBackbones)[number],
  options: NetworkOptions = {},
): NetworkGraph {
  const { heads, ...input } = parsingTasks[task];
  const { net, decoder, settled } = encoder(name, options, { ...input, inputChannels: 3 });
  const features = decode(net, decoder, 1);
  const [first, ...others] = heads.map((head) => {
    const x = decoder.fuse(head, features, net.writer.channelsOf(features));
    const channels = head === "semantic" ? settled.classes : headChannels[head];
    return net.writer.conv(`${head}/output`, x, channels, { batchNorm: false });
  });
  return finish(net, `${name}-${task}`, settled, [first, ...others]);
}

function encoder(
  name: BackboneName,
  options: NetworkOptions,
  input: InputExtents & { readonly inputChannels: number },
) {
  const settled = settle(name, options, { ...input, classes: 19 }, 64);
  const net = backbone(name, settled, { expandFirst: true });
  if (net.decoder === undefined) throw new Error(`${name} has no decoder`);
  return { net, decoder: net.decoder, settled };
}

/**
 * From the bottleneck up to one of the encoder's levels.
 *
 * @param last 0: stride 2, 1: stride 4, ...
 */
function decode({ writer, trunk }: Backbone, decoder: DecoderBlocks, last: number): string {
  const levels = [trunk.s2, trunk.s4, trunk.s8, trunk.s16, trunk.s32];
  let x = decoder.deepen?.("bottom.down", trunk.s32);
  for (let level = levels.length - 1; level >= last; level--) {
    const skip = levels[level];
    const block = `up${2 ** (level + 1)}`;
    const input =
      x === undefined ? skip : writer.concat(`${block}/concat`, [writer.upsample(`${block}/upsample`, x), skip]);
    x = decoder.fuse(block, input, decoder.channels?.[level] ?? writer.channelsOf(skip));
    for (let i = 1; i <= decoder.repeats[level]; i++) x = decoder.keep(`${block}.block${i}`, x);
  }
  return x ?? trunk.s32;
}
