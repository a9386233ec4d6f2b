import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Taps } from "../place/strip.ts";

/**
 * Weight words of a piece in the order that the array reads them: [block][ky][kx][channel group], bytes [m][lane].
 * @param window the taps that the piece has; default: all
 */
export function packWeights(geometry: Geometry, operation: Operation, piece: Piece, window?: Taps): Uint8Array {
  const { lanes, blockChannels, weightWordBytes } = geometry;
  const { input: source, outputs: order, weights, inputShape, outputShape, groups } = operation;
  const all = operation.weightHold ? 1 : operation.kernel.height * operation.kernel.width;
  const taps = operation.weightHold || window === undefined ? range(all) : tapsOf(operation, window);
  const inputs = inputShape.channels / groups;
  const outputs = outputShape.channels / groups;
  const bytes = new Uint8Array(piece.words * weightWordBytes);
  for (let i = 0; i < piece.blocks; i++) {
    const firstGroup = piece.firstGroup + Math.floor(i / piece.blocksPerGroup) * piece.groupStep;
    for (let m = 0; m < blockChannels; m++) {
      const position = (piece.firstBlock + i) * blockChannels + m;
      if (position >= order.length) break;
      const output = order[position];
      if (output < 0) continue;
      const firstInput = Math.floor(output / outputs) * inputs;
      for (let input = 0; input < inputs; input++) {
        const channel = source.channels[firstInput + input] - firstGroup * lanes;
        const group = Math.floor(channel / lanes);
        const lane = channel - group * lanes;
        if (group < 0 || group >= piece.channelGroups) continue;
        for (let t = 0; t < taps.length; t++) {
          const word = i * piece.blockWords + t * piece.channelGroups + group;
          bytes[word * weightWordBytes + m * lanes + lane] = weights[(output * inputs + input) * all + taps[t]];
        }
      }
    }
  }
  return bytes;
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Indices of a window's taps among those of the whole kernel. */
function tapsOf({ kernel }: Operation, window: Taps): readonly number[] {
  const { tap } = window;
  return range(window.kernel.height).flatMap((y) =>
    range(window.kernel.width).map((x) => (tap.y + y) * kernel.width + tap.x + x),
  );
}
