import type { HwConfig } from "../../hdl-gen/index.ts";

/** How features, weights and parameters lie in one configuration's memories (docs/HARDWARE.md section 2). */
export class Geometry {
  readonly config: HwConfig;
  /** G: lanes, channels of a feature word. */
  readonly lanes: number;
  /** M: output channels of a block. */
  readonly blockChannels: number;
  /** P: banks, columns of a tile. */
  readonly banks: number;
  /** Feature words per pixel that a block writes (1 when M < G). */
  readonly wordsPerBlock: number;
  /** Blocks that share a feature word (1 when M >= G): commands begin at a multiple of it. */
  readonly blocksPerWord: number;
  readonly beatBytes: number;
  /** Feature words of a beat. */
  readonly beatWords: number;
  /** Bytes of a weight word. */
  readonly weightWordBytes: number;
  /** Bytes of a parameter word. */
  readonly parameterWordBytes: number;
  /** Parameter words of a block. */
  readonly parameterWordsPerBlock: number;
  /** Cycles that a tile takes at least. */
  readonly tileMinimum: number;

  constructor(config: HwConfig) {
    const { groupWidth: g, outputChannels: m, drainChannels: r } = config;
    this.config = config;
    this.lanes = g;
    this.blockChannels = m;
    this.banks = config.pixelLanes;
    this.wordsPerBlock = Math.max(1, m / g);
    this.blocksPerWord = Math.max(1, g / m);
    this.beatBytes = config.axiDataBits / 8;
    this.beatWords = this.beatBytes / g;
    this.weightWordBytes = m * g;
    this.parameterWordBytes = 16 * r;
    this.parameterWordsPerBlock = m / r;
    this.tileMinimum = Math.max(m / r, 2 * this.wordsPerBlock);
  }

  /** Words per bank of a line of `width` columns; also the tiles of an output row. */
  lineWords(width: number): number {
    return Math.ceil(width / this.banks);
  }

  /** Bytes of a line in DRAM. */
  lineBytes(width: number): number {
    return Math.ceil((width * this.lanes) / this.beatBytes) * this.beatBytes;
  }

  /** Blocks that `channels` output channels take. */
  blocks(channels: number): number {
    return Math.ceil(channels / this.blockChannels);
  }

  /** Channel groups that hold `channels` channels. */
  channelGroups(channels: number): number {
    return Math.ceil(channels / this.lanes);
  }

  /** Channel groups on chip: those that whole blocks write. */
  chipChannelGroups(channels: number): number {
    return Math.ceil((this.blocks(channels) * this.blockChannels) / this.lanes);
  }
}
