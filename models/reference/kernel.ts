/**
 * The inner loop of convolution and fully connected layers: a small matrix product in float64, exact for integers.
 *
 * One float64 carries two accumulators, `high * 2^26 + low`: a weight pair `w1 * 2^26 + w0` times an activation gives
 * both products at once, and sums stay exact while the fields fit (see {@link fitsPairs}). Eight output channels by two
 * pixels are kept in registers.
 */

/** Output channels made together; packed weights are padded to a multiple. */
export const channelBlock = 8;
/** Pixels made together; panels are padded to a multiple. */
export const pixelBlock = 2;

const fieldUnit = 2 ** 26;
const pairs = channelBlock / 2;

/** Whether channels whose weights have this sum of magnitudes can share a float64 in pairs, whatever the activations. */
export function fitsPairs(weightMagnitude: number): boolean {
  return weightMagnitude * 255 < fieldUnit / 2;
}

/**
 * Packs `channels` rows of `depth` weights: blocks of 8 channels, depth-major inside, a float64 a channel pair.
 * Channels c and c + 4 of a block share a pair. Where pairs do not fit, the high half is left out and comes in a
 * second block: then each block makes 4 channels.
 */
export function packWeights(
  weights: Int8Array | Float32Array,
  start: number,
  channels: number,
  depth: number,
  paired: boolean,
): Float64Array {
  const step = paired ? channelBlock : pairs;
  const blocks = Math.ceil(channels / step);
  const packed = new Float64Array(blocks * depth * pairs);
  for (let c = 0; c < channels; c++) {
    const inBlock = c % step;
    const unit = inBlock < pairs ? 1 : fieldUnit;
    const target = Math.floor(c / step) * depth * pairs + (inBlock % pairs);
    const source = start + c * depth;
    for (let k = 0; k < depth; k++) {
      const index = target + k * pairs;
      packed[index] = packed[index] + unit * weights[source + k];
    }
  }
  return packed;
}

/**
 * Multiplies one block of packed weights by a panel of activations.
 *
 * @param packed weights of {@link packWeights}
 * @param block which block of them
 * @param panel activations less their zero point: for each pair of pixels `depth` values for both, interleaved
 * @param depth products per sum
 * @param pixels number of pixels, a multiple of {@link pixelBlock}
 * @param paired whether the weights are packed in pairs
 * @param sums result, `[8 or 4 channels][pixels]`
 */
export function multiplyBlock(
  packed: Float64Array,
  block: number,
  panel: Float64Array,
  depth: number,
  pixels: number,
  paired: boolean,
  sums: Float64Array,
): void {
  const first = block * depth * pairs;
  const last = first + depth * pairs;
  for (let pixel = 0; pixel < pixels; pixel += pixelBlock) {
    let x = pixel * depth;
    let a0 = 0,
      a1 = 0,
      a2 = 0,
      a3 = 0,
      b0 = 0,
      b1 = 0,
      b2 = 0,
      b3 = 0;
    for (let w = first; w < last; w += pairs) {
      const xa = panel[x];
      const xb = panel[x + 1];
      const w0 = packed[w];
      const w1 = packed[w + 1];
      const w2 = packed[w + 2];
      const w3 = packed[w + 3];
      a0 += w0 * xa;
      b0 += w0 * xb;
      a1 += w1 * xa;
      b1 += w1 * xb;
      a2 += w2 * xa;
      b2 += w2 * xb;
      a3 += w3 * xa;
      b3 += w3 * xb;
      x += pixelBlock;
    }
    unpack(a0, 0, pixels, pixel, paired, sums);
    unpack(b0, 0, pixels, pixel + 1, paired, sums);
    unpack(a1, 1, pixels, pixel, paired, sums);
    unpack(b1, 1, pixels, pixel + 1, paired, sums);
    unpack(a2, 2, pixels, pixel, paired, sums);
    unpack(b2, 2, pixels, pixel + 1, paired, sums);
    unpack(a3, 3, pixels, pixel, paired, sums);
    unpack(b3, 3, pixels, pixel + 1, paired, sums);
  }
}

function unpack(sum: number, row: number, pixels: number, pixel: number, paired: boolean, sums: Float64Array): void {
  if (!paired) {
    sums[row * pixels + pixel] = sum;
    return;
  }
  const high = Math.floor(sum / fieldUnit + 0.5);
  sums[row * pixels + pixel] = sum - high * fieldUnit;
  sums[(row + pairs) * pixels + pixel] = high;
}
