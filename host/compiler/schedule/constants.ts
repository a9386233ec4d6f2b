import type { ChannelConstants } from "../lower/channels.ts";
import type { Operation, Pass } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Split } from "../place/strips.ts";
import type { Emitter } from "./emitter.ts";

/** Weights and parameters of a split, loaded when they are first needed. */
export class Constants {
  readonly #emitter: Emitter;
  readonly #operation: Operation;
  readonly #index: number;
  readonly #split: Split;
  readonly #words = new Map<Piece, number>();
  /** By first block. */
  readonly #pieceParameters = new Map<number, number>();
  readonly #splitParameters = new Map<ChannelConstants, number>();
  /** First word of the whole split's parameters, of all passes. */
  #area: number | undefined;
  #next: number | undefined;

  /** @param base first word of an area for all of the split's weights, else pieces take room one by one */
  constructor(emitter: Emitter, operation: Operation, index: number, split: Split, base: number | undefined) {
    this.#emitter = emitter;
    this.#operation = operation;
    this.#index = index;
    this.#split = split;
    this.#next = base;
  }

  /** Addresses of a piece's weights and of the parameters of a pass over it. */
  ready(piece: Piece, { constants }: Pass): { readonly weightBase: number; readonly parameterBase: number } {
    const parameterBase = this.#parameterBase(piece, constants);
    let weightBase = this.#words.get(piece);
    if (weightBase === undefined) {
      weightBase = this.#next ?? this.#emitter.takeWeights(piece.words, this.#operation.name);
      if (this.#next !== undefined) this.#next += piece.words;
      this.#words.set(piece, weightBase);
      this.#emitter.loadWeights(this.#operation, piece, weightBase, this.#index);
    }
    return { weightBase, parameterBase };
  }

  /**
   * All of the split's parameters, of all passes side by side, are loaded once where they fit twice, or all must stay; else
   * piece by piece and, where passes differ, for each use.
   */
  #parameterBase(piece: Piece, constants: ChannelConstants): number {
    const { geometry } = this.#emitter;
    const perBlock = geometry.parameterWordsPerBlock;
    const { firstBlock, blocks } = this.#split;
    const limit = geometry.config.parameterDepth / (this.#next === undefined ? 2 : 1);
    const kinds = differentConstants(this.#operation);
    if (blocks * perBlock * kinds <= limit)
      return this.#together(constants, kinds) + (piece.firstBlock - firstBlock) * perBlock;
    const known = this.#pieceParameters.get(piece.firstBlock);
    if (kinds === 1 && known !== undefined) return known;
    const base = this.#emitter.loadParameters(this.#operation, constants, piece.firstBlock, piece.blocks, this.#index);
    this.#pieceParameters.set(piece.firstBlock, base);
    return base;
  }

  /** Address of the parameters of the whole split for one kind of pass. */
  #together(constants: ChannelConstants, kinds: number): number {
    const known = this.#splitParameters.get(constants);
    if (known !== undefined) return known;
    const { firstBlock, blocks } = this.#split;
    this.#area ??= this.#emitter.takeParameters(blocks * kinds, this.#operation.name);
    const base = this.#area + this.#splitParameters.size * blocks * this.#emitter.geometry.parameterWordsPerBlock;
    this.#splitParameters.set(constants, base);
    return this.#emitter.loadParameters(this.#operation, constants, firstBlock, blocks, this.#index, base);
  }
}

/** Sets of parameters that the passes of an operation use. */
export function differentConstants({ passes }: Operation): number {
  return new Set(passes.map(({ constants }) => constants)).size;
}
