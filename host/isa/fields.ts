/** One field of a command: where its bits are and what it means. */
export interface Field {
  /** 32-bit word of the command, 0..15. */
  readonly word: number;
  /** Lowest bit within the word. */
  readonly bit: number;
  /** Width in bits; a field never crosses a word. */
  readonly width: number;
  readonly signed: boolean;
  /** Smallest value allowed, where that is more than the width's own. */
  readonly min?: number;
  /** Largest value allowed, where that is less than the width's own. */
  readonly max?: number;
  readonly doc: string;
}

/** Layout of one kind of command. */
export interface CommandLayout {
  readonly opcode: number;
  readonly doc: string;
  readonly fields: Readonly<Record<string, Field>>;
}

const u = (word: number, bit: number, width: number, doc: string): Field => ({ word, bit, width, signed: false, doc });
const s = (word: number, bit: number, width: number, doc: string): Field => ({ word, bit, width, signed: true, doc });
const positive = (word: number, bit: number, width: number, doc: string): Field => ({
  ...u(word, bit, width, doc),
  min: 1,
});

/** Fields that every command has besides the opcode (word 0, bits 7:0). */
const waits = {
  waitLoad: u(0, 16, 16, "loads that must have completed, modulo 2^16"),
  waitCompute: u(1, 0, 16, "computations that must have completed, modulo 2^16"),
  waitStore: u(1, 16, 16, "stores that must have completed, modulo 2^16"),
};

const featureTransfer = {
  ...waits,
  memoryOffset: u(2, 0, 32, "DRAM offset in bytes, beat aligned"),
  lines: positive(3, 0, 16, "lines in all"),
  columns: positive(3, 16, 16, "words per line"),
  base: u(4, 0, 16, "word address of the first line"),
  lineStride: u(4, 16, 16, "words from line to line within a row"),
  linesPerRow: positive(5, 0, 16, "lines after which the next row begins"),
  rowStride: u(5, 16, 16, "words from row to row"),
  firstBank: u(6, 0, 4, "bank of each line's first column"),
};

const wordTransfer = {
  ...waits,
  memoryOffset: u(2, 0, 32, "DRAM offset in bytes, beat aligned"),
  beats: positive(3, 0, 32, "bus beats; whole words"),
};

const compute = {
  stride2: u(0, 8, 1, "stride 2 on both axes, else 1"),
  residual: u(0, 9, 1, "add a tensor from the feature memory"),
  weightHold: u(0, 10, 1, "every tap reads the same weight words (pooling)"),
  tableBank: u(0, 11, 1, "bank of the addition tables"),
  max: u(
    0,
    12,
    1,
    "with residual: the greater instead of the sum; without: column 0 of a tile is the sum of its columns",
  ),
  upsample: u(0, 13, 1, "write every output column twice, side by side"),
  accumulate: u(0, 14, 1, "add to the sums of the partial command before"),
  partial: u(0, 15, 1, "write nothing: the next command goes on with the sums"),
  ...waits,
  inBase: u(2, 0, 16, "word of input row iy0, first channel group, modulo 2^16"),
  inRowStride: u(2, 16, 16, "words from input row to input row"),
  inCgStride: u(3, 0, 16, "words from channel group to channel group"),
  inGroupStride: u(3, 16, 16, "words added after every blocksPerGroup blocks"),
  ringEnd: u(4, 0, 16, "row addresses from here on wrap"),
  ringSize: u(4, 16, 16, "words that wrapping subtracts; 0: no ring"),
  // Below 2^15, so that a negative column or row never looks like one of the map.
  inWidth: { ...positive(5, 0, 16, "input columns"), max: 32767 },
  inHeight: { ...positive(5, 16, 16, "input rows"), max: 32767 },
  iy0: s(6, 0, 16, "input row at output row 0, tap 0"),
  ix0: s(6, 16, 8, "input column at output column 0, tap 0"),
  rot0: u(6, 24, 4, "ix0 mod P"),
  q0: s(6, 28, 4, "floor(ix0 / P)"),
  kernelWidth: positive(7, 0, 8, "taps per row"),
  kernelHeight: positive(7, 8, 8, "rows of taps"),
  channelGroups: positive(7, 16, 16, "channel groups per tap"),
  blocks: positive(8, 0, 16, "blocks of M output channels"),
  rows: positive(8, 16, 16, "output rows"),
  tiles: positive(9, 0, 16, "tiles of P output columns"),
  blocksPerGroup: positive(9, 16, 8, "blocks that share their input channel groups"),
  xZero: s(9, 24, 8, "input zero point: the value of padding"),
  weightBase: u(10, 0, 16, "first weight word"),
  weightBlockStride: u(10, 16, 16, "weight words from block to block"),
  parameterBase: u(11, 0, 16, "first parameter word"),
  residualBase: u(11, 16, 16, "word of the added tensor's first line"),
  outBase: u(12, 0, 16, "word of the first output line"),
  outRowStride: u(12, 16, 16, "words from output row to output row"),
  outCgStride: u(13, 0, 16, "words from output channel group to the next"),
  residualRowStride: u(13, 16, 16, "words from row to row of the added tensor"),
  residualCgStride: u(14, 0, 16, "words from channel group to channel group of the added tensor"),
  z1: s(14, 16, 8, "zero point after requantisation"),
  z2: s(14, 24, 8, "zero point after the addition"),
  lo1: s(15, 0, 8, "lower bound after requantisation"),
  hi1: s(15, 8, 8, "upper bound after requantisation"),
  lo2: s(15, 16, 8, "lower bound after the addition"),
  hi2: s(15, 24, 8, "upper bound after the addition"),
};

/** Every command: docs/HARDWARE.md section 3 as one table, from which everything else here follows. */
export const layouts = {
  loadFeatures: { opcode: 1, doc: "Lines of features from DRAM.", fields: featureTransfer },
  loadWeights: {
    opcode: 2,
    doc: "Weight words from DRAM.",
    fields: { ...wordTransfer, firstWord: u(4, 0, 16, "weight word") },
  },
  loadParameters: {
    opcode: 3,
    doc: "Parameter words from DRAM.",
    fields: { ...wordTransfer, firstWord: u(4, 0, 16, "parameter word") },
  },
  loadTables: {
    opcode: 4,
    doc: "One bank of addition tables from DRAM.",
    fields: { ...wordTransfer, bank: u(4, 0, 1, "table bank") },
  },
  compute: { opcode: 5, doc: "A convolution or a part of one.", fields: compute },
  storeFeatures: { opcode: 6, doc: "Lines of features to DRAM.", fields: featureTransfer },
  end: { opcode: 7, doc: "Done when everything before it has completed.", fields: waits },
} as const satisfies Record<string, CommandLayout>;

/** Name of a kind of command. */
export type CommandKind = keyof typeof layouts;

/** All kinds, by opcode. */
export const commandKinds = Object.keys(layouts) as CommandKind[];

/** Bytes of an encoded command. */
export const COMMAND_BYTES = 64;
