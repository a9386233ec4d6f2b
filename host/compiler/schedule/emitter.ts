import type { Geometry } from "../geometry.ts";
import type { ImageBuilder } from "../image/builder.ts";
import type { DramStorage } from "../image/dram-storage.ts";
import { packParameters, packTables } from "../image/parameters.ts";
import { packWeights } from "../image/weights.ts";
import type { Storage } from "../layout/storage.ts";
import type { ChannelConstants } from "../lower/channels.ts";
import type { Operation } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Taps } from "../place/strip.ts";
import { Ring } from "./ring.ts";
import { RowCuts } from "./row-cuts.ts";
import type { Step } from "./step.ts";

/** Where the schedule of a network is gathered: steps in program order, constants in the image, addresses in rings. */
export class Emitter {
  readonly geometry: Geometry;
  readonly image: ImageBuilder;
  /** Storages that have a place in DRAM. */
  readonly dram: ReadonlyMap<Storage, DramStorage>;
  readonly steps: Step[] = [];
  readonly rowCuts = new RowCuts();
  readonly #weights: Ring;
  /** Where the weights of pieces are that have been loaded before. */
  readonly #weightOffsets = new WeakMap<Piece, number>();
  readonly #parameters: Ring;
  #tableLoads = 0;

  constructor(geometry: Geometry, image: ImageBuilder, dram: ReadonlyMap<Storage, DramStorage>) {
    const { weightDepth, parameterDepth } = geometry.config;
    this.geometry = geometry;
    this.image = image;
    this.dram = dram;
    this.#weights = new Ring("the weights of a block of output channels", weightDepth, geometry.weightWordBytes);
    this.#parameters = new Ring("the parameters of its channels", parameterDepth, geometry.parameterWordBytes);
  }

  /** Where weights go, to plan with. */
  weightRing(): Ring {
    return this.#weights.copy();
  }

  /** Makes sure that the weights and parameters taken next, up to so many, overwrite none of one another. */
  keepTogether(weightWords: number, parameterWords: number): void {
    this.#weights.keepTogether(weightWords);
    this.#parameters.keepTogether(parameterWords);
  }

  /** Room for weight words. @throws FitError if there is none */
  takeWeights(words: number, layer: string): number {
    return this.#weights.take(words, layer);
  }

  /** Loads a piece's weights to the address given. @param taps those that it has; default: all */
  loadWeights(operation: Operation, piece: Piece, word: number, index: number, taps?: Taps): void {
    const known = this.#weightOffsets.get(piece);
    const memoryOffset = known ?? this.image.add("weights", packWeights(this.geometry, operation, piece, taps));
    this.#weightOffsets.set(piece, memoryOffset);
    const bytes = piece.words * this.geometry.weightWordBytes;
    const beats = bytes / this.geometry.beatBytes;
    const command = { kind: "loadWeights", ...noWaits, memoryOffset, beats, firstWord: word } as const;
    this.#load(command, "weight", word, piece.words, bytes, index);
  }

  /** Room for the parameters of some blocks. @throws FitError if there is none */
  takeParameters(blocks: number, layer: string): number {
    return this.#parameters.take(blocks * this.geometry.parameterWordsPerBlock, layer);
  }

  /**
   * Loads the parameters of some blocks.
   * @param firstWord where to; default: to new room
   * @returns their address
   * @throws FitError if there is no room
   */
  loadParameters(
    operation: Operation,
    constants: ChannelConstants,
    firstBlock: number,
    blocks: number,
    index: number,
    firstWord: number = this.takeParameters(blocks, operation.name),
  ): number {
    const words = blocks * this.geometry.parameterWordsPerBlock;
    const bytes = packParameters(this.geometry, operation, constants, firstBlock, blocks);
    const memoryOffset = this.image.add("parameters", bytes);
    const beats = bytes.length / this.geometry.beatBytes;
    const command = { kind: "loadParameters", ...noWaits, memoryOffset, beats, firstWord } as const;
    this.#load(command, "parameter", firstWord, words, bytes.length, index);
    return firstWord;
  }

  /** Loads an operation's addition tables, if it has any. @returns their bank */
  loadTables(operation: Operation, index: number): number {
    if (operation.tables === undefined) return 0;
    const bank = this.#tableLoads++ % 2;
    const bytes = packTables(this.geometry, operation.tables);
    const memoryOffset = this.image.add("tables", bytes);
    const beats = bytes.length / this.geometry.beatBytes;
    this.#load({ kind: "loadTables", ...noWaits, memoryOffset, beats, bank }, "table", bank, 1, bytes.length, index);
    return bank;
  }

  #load(
    command: Step["command"] & { readonly memoryOffset: number },
    space: "weight" | "parameter" | "table",
    start: number,
    words: number,
    bytes: number,
    operation: number,
  ): void {
    const dram = { space: "dram", start: command.memoryOffset, end: command.memoryOffset + bytes } as const;
    this.steps.push({ command, reads: [dram], writes: [{ space, start, end: start + words }], operation });
  }
}

const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 } as const;
