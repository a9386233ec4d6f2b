import { type HwConfig, PARAMETER_BITS } from "./schema.ts";

/** Figures that follow from a configuration. */
export interface DerivedFigures {
  /** Multiply-accumulates per cycle: G * M * P. */
  readonly macs: number;
  /** Requantisation lanes: R * P. */
  readonly drainLanes: number;
  /** Bytes of a bus beat. */
  readonly axiBytes: number;
  /** Feature words (G bytes) of a bus beat. */
  readonly featureWordsPerBeat: number;
  /** Bus beats of a weight word (M * G bytes). */
  readonly beatsPerWeightWord: number;
  /** Bytes of all feature banks. */
  readonly featureBytes: number;
  readonly weightBytes: number;
  readonly parameterBytes: number;
  /** The three buffers together, in bytes. */
  readonly bufferBytes: number;
  /** Bytes of the residual tables: two a requantisation lane. */
  readonly tableBytes: number;
  /** BRAM36 blocks of the buffers and tables, see `bram36`. */
  readonly bram36: number;
}

/** Entries (two banks of 256) and width of one residual table. */
const TABLE_ENTRIES = 512;
const TABLE_BITS = 36;

/** Depth and width of a half block (RAMB18) in its simple dual-port shapes. */
const halfBlockShapes = [
  [512, 36],
  [1024, 18],
  [2048, 9],
  [4096, 4],
  [8192, 2],
  [16384, 1],
] as const;

/** Fewest BRAM36 (in steps of a half) for one memory of `depth` words of `width` bits with one shape throughout. */
export function bram36(depth: number, width: number): number {
  const halves = halfBlockShapes.map(([d, w]) => Math.ceil(depth / d) * Math.ceil(width / w));
  return Math.min(...halves) / 2;
}

/** MACs, buffer sizes (bytes), beats and an estimate of block RAM; synthesis may round differently. */
export function deriveFigures(config: HwConfig): DerivedFigures {
  const { groupWidth: g, outputChannels: m, pixelLanes: p, drainChannels: r } = config;
  const axiBytes = config.axiDataBits / 8;
  const featureBytes = p * config.featureDepth * g;
  const weightBits = m * g * 8;
  const parameterBits = r * PARAMETER_BITS;
  const weightBytes = (config.weightDepth * weightBits) / 8;
  const parameterBytes = (config.parameterDepth * parameterBits) / 8;
  return {
    macs: g * m * p,
    drainLanes: r * p,
    axiBytes,
    featureWordsPerBeat: axiBytes / g,
    beatsPerWeightWord: (m * g) / axiBytes,
    featureBytes,
    weightBytes,
    parameterBytes,
    bufferBytes: featureBytes + weightBytes + parameterBytes,
    tableBytes: (2 * r * p * TABLE_ENTRIES * TABLE_BITS) / 8,
    // Weight and parameter words are assembled from bus beats, each slice a memory of its own.
    bram36:
      p * bram36(config.featureDepth, g * 8) +
      (weightBits / config.axiDataBits) * bram36(config.weightDepth, config.axiDataBits) +
      (parameterBits / config.axiDataBits) * bram36(config.parameterDepth, config.axiDataBits) +
      2 * r * p * bram36(TABLE_ENTRIES, TABLE_BITS),
  };
}
