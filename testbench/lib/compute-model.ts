import { added, requantized } from "./arithmetic.ts";
import { blockWords, type ComputeShape, type Layer, lineAddress, weightWords } from "./compute-layer.ts";

/** One output word of all banks, as the drain writes it. */
export interface WordWrite {
  /** Number of its tile within the command, and when the word is complete: cycles after the tile's first drain step. */
  readonly tile: number;
  readonly after: number;
  readonly address: number;
  /** Value of each written byte, by its place in the feature image. */
  readonly bytes: ReadonlyMap<number, number>;
}

/** The residual add's tables, 36-bit entries, [bank][index]. */
export interface Tables {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Place of a byte in a feature image, which is [word][bank][lane]. */
function imagePlace(shape: ComputeShape, address: number, bank: number, lane: number): number {
  return (address * shape.P + bank) * shape.G + lane;
}

/**
 * Everything that a layer writes, in order, by direct convolution of the tensors that lie in a feature image.
 * Reads the image as it is now, so a layer must not overwrite its own input.
 */
export function layerWrites(layer: Layer, shape: ComputeShape, image: Int8Array, tables: Tables): WordWrite[] {
  const { G, M, P, R } = shape;
  const { sharing, words } = blockWords(shape);
  const blocks = layer.groups * layer.blocksPerGroup;
  const halves = layer.drain === "upsample" ? 2 : 1;
  const tileMin = Math.max(M / R, 2 * words);
  const writes: WordWrite[] = [];
  let tile = 0;
  for (let block = 0; block < blocks; block++) {
    for (let row = 0; row < layer.rows; row++) {
      for (let t = 0; t < layer.tiles; t++, tile++) {
        for (let each = 0; each < halves * words; each++) {
          const [half, word] = [Math.floor(each / words), each % words];
          const bytes = new Map<number, number>();
          const cg = Math.floor(block / sharing) * words + word;
          const address = lineAddress(layer.output, row, cg) + halves * t + half;
          const channels = Math.min(G, M);
          for (let c = 0; c < channels; c++) {
            const lane = (block % sharing) * M + c;
            for (let p = 0; p < P; p++) {
              const value = output(layer, shape, image, tables, {
                block,
                row,
                column: Math.floor(((halves * t + half) * P + p) / halves),
                m: word * G + c,
                cg,
                lane,
              });
              bytes.set(imagePlace(shape, address, p, lane), value);
            }
          }
          writes.push({ tile, after: half * tileMin + ((word + 1) * channels) / R - 1, address, bytes });
        }
      }
    }
  }
  return writes;
}

/** Applies writes to an image. */
export function applyWrites(image: Int8Array, writes: readonly WordWrite[]): void {
  for (const write of writes) for (const [place, value] of write.bytes) image[place] = value;
}

interface Place {
  readonly block: number;
  readonly row: number;
  readonly column: number;
  /** Channel of the block. */
  readonly m: number;
  /** Channel group and lane of the output. */
  readonly cg: number;
  readonly lane: number;
}

function output(layer: Layer, shape: ComputeShape, image: Int8Array, tables: Tables, at: Place): number {
  const channel = layer.channels[at.block * shape.M + at.m];
  const q = requantized(accumulator(layer, shape, image, at), channel, layer.first);
  if (layer.residual === undefined) return q;
  const address = lineAddress(layer.residual, at.row, at.cg) + Math.floor(at.column / shape.P);
  const other = image[imagePlace(shape, address, at.column % shape.P, at.lane)];
  if (layer.drain === "max") return Math.max(q, other);
  const entry = 256 * layer.tableBank + 128;
  return added(tables.a[entry + q], tables.b[entry + other], layer.second);
}

function accumulator(layer: Layer, shape: ComputeShape, image: Int8Array, at: Place): number {
  const { G, M, P } = shape;
  const group = Math.floor(at.block / layer.blocksPerGroup);
  const blockWord = layer.sharedWeights ? 0 : at.block * weightWords(layer);
  let sum = 0;
  for (let ky = 0; ky < layer.kernelHeight; ky++) {
    for (let kx = 0; kx < layer.kernelWidth; kx++) {
      const y = layer.iy0 + layer.stride * at.row + ky;
      const x = layer.ix0 + layer.stride * at.column + kx;
      const inside = y >= 0 && y < layer.inHeight && x >= 0 && x < layer.inWidth;
      for (let cg = 0; cg < layer.channelGroups; cg++) {
        const tap = layer.weightHold ? 0 : ky * layer.kernelWidth + kx;
        const word = blockWord + tap * layer.channelGroups + cg;
        const line = inside ? lineAddress(layer.input, y, group * layer.channelGroups + cg) : 0;
        for (let g = 0; g < G; g++) {
          const value = inside ? image[imagePlace(shape, line + Math.floor(x / P), x % P, g)] : layer.xZero;
          sum += value * layer.weights[(word * M + at.m) * G + g];
        }
      }
    }
  }
  return sum;
}
