import { type ErrorName, errorByName, type HwConfig } from "../../hdl-gen/index.ts";

/** A command that the hardware would stop at; `code` and `index` as its registers would report them. */
export class MachineError extends Error {
  readonly code: number;
  readonly index: number;

  constructor(error: ErrorName, index: number, detail: string) {
    super(`command ${index}: ${error}: ${detail}`);
    this.name = "MachineError";
    this.code = errorByName(error).code;
    this.index = index;
  }
}

/** TA and TB, 256 entries each. */
export interface AdditionTables {
  readonly ta: Float64Array;
  readonly tb: Float64Array;
  /** TB is the same throughout, so that the resident value does not matter. */
  unary: boolean;
}

/** The memories of one accelerator, and the DRAM window that it sees. */
export interface Machine {
  readonly config: HwConfig;
  /** The window, from its start. */
  readonly dram: Uint8Array;
  /** Bytes [bank][word][lane]. */
  readonly features: Uint8Array;
  /** 1 where `features` holds nothing that the program put there. */
  readonly unknown: Uint8Array;
  /** Bytes [word][m][lane]. */
  readonly weights: Int8Array;
  /** Bytes [word][channel][16]. */
  readonly parameters: Uint8Array;
  /** By bank. */
  readonly tables: readonly AdditionTables[];
  /** [output channel of the block][pixel], 28-bit signed: what `accumulate` goes on from. */
  readonly sums: Int32Array;
  /** Whether a partial computation left them. */
  sumsHeld: boolean;
}

/** An accelerator with empty memories. */
export function newMachine(config: HwConfig, dram: Uint8Array): Machine {
  const { groupWidth, outputChannels, pixelLanes, drainChannels } = config;
  const featureBytes = pixelLanes * config.featureDepth * groupWidth;
  return {
    config,
    dram,
    features: new Uint8Array(featureBytes),
    unknown: new Uint8Array(featureBytes).fill(1),
    weights: new Int8Array(config.weightDepth * outputChannels * groupWidth),
    parameters: new Uint8Array(config.parameterDepth * drainChannels * 16),
    tables: [0, 1].map(() => ({ ta: new Float64Array(256), tb: new Float64Array(256), unary: true })),
    sums: new Int32Array(outputChannels * pixelLanes),
    sumsHeld: false,
  };
}

/** Byte offset of a feature word. @throws MachineError outside of the memory */
export function featureOffset({ config }: Machine, bank: number, word: number, index: number): number {
  if (word < 0 || word >= config.featureDepth)
    throw new MachineError("FEATURE_ADDRESS", index, `word ${word} of ${config.featureDepth}`);
  return (bank * config.featureDepth + word) * config.groupWidth;
}
