import type { Geometry } from "../geometry.ts";
import type { Operation } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";

/** Weight words of a piece in the order that the array reads them: [block][ky][kx][channel group], bytes [m][lane]. */
export function packWeights(geometry: Geometry, operation: Operation, piece: Piece): Uint8Array {
  const { lanes, blockChannels, weightWordBytes } = geometry;
  const { input: source, outputs: order, weights, inputShape, outputShape, groups } = operation;
  const taps = piece.blockWords / piece.channelGroups;
  const inputs = inputShape.channels / groups;
  const outputs = outputShape.channels / groups;
  const bytes = new Uint8Array(piece.words * weightWordBytes);
  const skipped = piece.lastOnly ? piece.blocks - 1 : 0;
  for (let i = skipped; i < piece.blocks; i++) {
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
        for (let tap = 0; tap < taps; tap++) {
          const word = (i - skipped) * piece.blockWords + tap * piece.channelGroups + group;
          bytes[word * weightWordBytes + m * lanes + lane] = weights[(output * inputs + input) * taps + tap];
        }
      }
    }
  }
  return bytes;
}
