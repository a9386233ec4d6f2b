import type { NetworkGraph } from "../graph/graph.ts";
import { backbone } from "./backbone.ts";
import { finish } from "./classifier.ts";
import type { NetworkOptions } from "./options.ts";
import { settle } from "./settle.ts";
import type { GraphWriter } from "./writer.ts";

/** Backbones of Table 5. */
export const detectionBackbones = [
  "vargnet-v1",
  "vargnet-v2",
  "mobilenet-v1",
  "mobilenet-v2",
  "shufflenet-v1",
  "shufflenet-v2",
] as const;

/** Channels of the feature pyramid. */
const pyramidChannels = 128;

/** Anchor shapes at each position. */
const anchors = 3;

/** Strides of the pyramid's levels, coarsest first. */
const strides = [32, 16, 8, 4] as const;

/**
 * Detection up to its proposals (Table 5): backbone without its last 1x1 convolution, feature pyramid on strides 4 to
 * 32, and region proposals at each level. The default input, 800 x 1344, is the paper's 800 x 1333 padded to a multiple
 * of 32. Outputs: objectness (3) and boxes (12) of each level, stride 32 first.
 *
 * The paper gives no details. Our choices: 128 channels, 1x1 laterals, dense 3x3 smoothing, and proposals read straight
 * from the smoothed maps by 1x1 convolutions of each level's own; so all three VarGNets come within 2 % of Table 5. The
 * box head on each proposal, which follows the choice of proposals, is not part of the graph.
 *
 * @throws VargenError as `classifierNetwork` does, and for an input that is no multiple of 32
 */
export function detectionNetwork(
  name: (typeof detectionBackbones)[number],
  options: NetworkOptions = {},
): NetworkGraph {
  const defaults = { inputHeight: 800, inputWidth: 1344, inputChannels: 3, classes: 1 };
  const settled = settle(name, options, defaults, 32);
  const net = backbone(name, settled, { expandFirst: true, standardShuffle: true });
  const { s4, s8, s16, s32 } = net.trunk;
  const levels = smoothedPyramid(net.writer, [s32, s16, s8, s4]);
  const [first, ...others] = levels.flatMap((level, i) => proposals(net.writer, `rpn${strides[i]}`, level));
  return finish(net, `${name}-detection`, settled, [first, ...others]);
}

/** Feature pyramid of some maps, coarsest first. */
function smoothedPyramid(writer: GraphWriter, maps: readonly string[]): readonly string[] {
  let above: string | undefined;
  return maps.map((map, i) => {
    const block = `fpn${strides[i]}`;
    const lateral = writer.conv(`${block}/lateral`, map, pyramidChannels, { batchNorm: false });
    const merged =
      above === undefined
        ? lateral
        : writer.add(`${block}/add`, lateral, writer.upsample(`${block}/upsample`, above), false);
    above = merged;
    return writer.conv(`${block}/smooth`, merged, pyramidChannels, { kernel: 3, batchNorm: false, relu: true });
  });
}

function proposals(writer: GraphWriter, block: string, map: string): readonly [string, string] {
  return [
    writer.conv(`${block}/objectness`, map, anchors, { batchNorm: false }),
    writer.conv(`${block}/boxes`, map, 4 * anchors, { batchNorm: false }),
  ];
}
