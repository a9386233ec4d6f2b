import { Random } from "../../models/random/random.ts";
import { added, type Bounds, type Channel, randomChannel, randomEntry, requantized } from "./arithmetic.ts";

/** Parameters of vg_drain. */
export interface DrainShape {
  readonly G: number;
  readonly M: number;
  readonly P: number;
  readonly R: number;
}

/** Depths small enough that addresses beyond them are easily met. */
export const FEATURE_DEPTH = 512;
export const PARAMETER_DEPTH = 32;

/** A tile to drain. */
export interface Tile {
  /** Cycle in which its sums are in the drain buffer (E0). */
  readonly capture: number;
  readonly lastTile: boolean;
  readonly out: number;
  readonly residual: number;
  readonly parameter: number;
  readonly phase: number;
  readonly add: boolean;
  readonly max: boolean;
  readonly upsample: boolean;
  readonly partial: boolean;
  readonly tableBank: number;
  readonly outCgStride: number;
  readonly residualCgStride: number;
  readonly first: Bounds;
  readonly second: Bounds;
  readonly index: number;
  /** Accumulator of each output channel and pixel, [channel][pixel]. */
  readonly sums: readonly (readonly number[])[];
}

/** Cycles between the captures of tiles, at least; twice that behind an upsampled one. */
export function tileMinimum({ G, M, R }: DrainShape): number {
  return Math.max(M / R, 2 * Math.max(1, M / G));
}

/** What must be seen in one cycle. */
export interface Expected {
  write?: { readonly address: number; readonly bytes: ReadonlyMap<string, number> };
  done?: boolean;
  featureError?: boolean;
  parameterError?: boolean;
  /** With either error. */
  index?: number;
  info?: number;
}

/** Contents of the memories around the drain. */
export class DrainMemories {
  readonly channels: readonly Channel[];
  readonly tables: { readonly a: readonly number[]; readonly b: readonly number[] };
  readonly features: Int8Array;
  readonly shape: DrainShape;

  constructor(shape: DrainShape, magnitude: number, seed: number) {
    const random = new Random(seed);
    this.shape = shape;
    this.channels = Array.from({ length: PARAMETER_DEPTH * shape.R }, () => randomChannel(random, magnitude));
    const table = () => Array.from({ length: 512 }, () => randomEntry(random));
    this.tables = { a: table(), b: table() };
    this.features = Int8Array.from({ length: FEATURE_DEPTH * shape.P * shape.G }, () => random.integer(-128, 127));
  }

  /** Byte `lane` of bank `pixel`, word `address` (modulo the depth). */
  feature(address: number, pixel: number, lane: number): number {
    const { P, G } = this.shape;
    return this.features[((address % FEATURE_DEPTH) * P + pixel) * G + lane];
  }

  /** Adds what a tile must cause to the cycles in which it must. */
  expect(tile: Tile, cycles: Map<number, Expected>): void {
    const { M, R } = this.shape;
    const at = (cycle: number): Expected => {
      const entry = cycles.get(cycle) ?? {};
      cycles.set(cycle, entry);
      return entry;
    };
    const again = tile.upsample ? tileMinimum(this.shape) : 0;
    this.#expectSteps(tile, 0, tile.capture, at);
    if (tile.upsample) this.#expectSteps(tile, 1, tile.capture + again, at);
    if (tile.lastTile) at(tile.capture + again + M / R - 1 + 15).done = true;
  }

  /** One pass through the drain. @param half the second of an upsampled tile: 1 */
  #expectSteps(tile: Tile, half: number, start: number, at: (cycle: number) => Expected): void {
    const { G, M, P, R } = this.shape;
    for (let step = 0; step < M / R; step++) {
      const word = M < G ? 0 : Math.floor((step * R) / G);
      const address = (tile.out + half + word * tile.outCgStride) & 0xffff;
      const residual = (tile.residual + word * tile.residualCgStride) & 0xffff;
      const parameterBad = tile.parameter + step >= PARAMETER_DEPTH;
      const featureBad = address >= FEATURE_DEPTH || (tile.add && residual >= FEATURE_DEPTH);
      if (parameterBad || featureBad) {
        const high = parameterBad ? (tile.parameter + step) & 0xffff : address;
        const { index } = tile;
        const info = high * 65536 + residual;
        Object.assign(at(start + step), { parameterError: parameterBad, featureError: featureBad, index, info });
      }
      const wordEnds = step === M / R - 1 || ((step + 1) * R) % G === 0;
      if (wordEnds && address < FEATURE_DEPTH && !tile.partial) {
        const channels = Math.min(G, M);
        const bytes = new Map<string, number>();
        for (let c = 0; c < channels; c++) {
          for (let pixel = 0; pixel < P; pixel++) {
            const lane = tile.phase + c;
            const source = tile.upsample ? Math.floor((half * P + pixel) / 2) : pixel;
            bytes.set(`${pixel},${lane}`, this.result(tile, word * G + c, source, residual, lane));
          }
        }
        at(start + step + 15).write = { address, bytes };
      }
    }
  }

  /** One output value. */
  result(tile: Tile, channel: number, pixel: number, residual: number, lane: number): number {
    const parameters = this.channels[(tile.parameter * this.shape.R + channel) % this.channels.length];
    const { sums } = tile;
    const columns = tile.max && !tile.add && pixel === 0 ? sums[channel] : [sums[channel][pixel]];
    const q = requantized(
      columns.reduce((sum, value) => sum + value, 0),
      parameters,
      tile.first,
    );
    if (!tile.add) return q;
    const entry = 256 * tile.tableBank + 128;
    const other = this.feature(residual, pixel, lane);
    if (tile.max) return Math.max(q, other);
    return added(this.tables.a[entry + q], this.tables.b[entry + other], tile.second);
  }
}
