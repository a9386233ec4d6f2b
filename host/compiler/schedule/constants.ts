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
  readonly #parameters = new Map<ChannelConstants, Map<number, number>>();
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
   * All of the split's parameters, of all passes, are loaded at once where they fit twice, or all must stay; else piece by
   * piece and, where passes differ, for each use.
   */
  #parameterBase(piece: Piece, constants: ChannelConstants): number {
    const { geometry } = this.#emitter;
    const perBlock = geometry.parameterWordsPerBlock;
    const { firstBlock, blocks } = this.#split;
    const limit = geometry.config.parameterDepth / (this.#next === undefined ? 2 : 1);
    const kinds = differentConstants(this.#operation);
    const together = blocks * perBlock * kinds <= limit;
    const first = together ? firstBlock : piece.firstBlock;
    const loaded = this.#parameters.get(constants) ?? new Map<number, number>();
    this.#parameters.set(constants, loaded);
    let base = together || kinds === 1 ? loaded.get(first) : undefined;
    if (base === undefined) {
      const count = together ? blocks : piece.blocks;
      base = this.#emitter.loadParameters(this.#operation, constants, first, count, this.#index);
      loaded.set(first, base);
    }
    return base + (piece.firstBlock - first) * perBlock;
  }
}

/** Sets of parameters that the passes of an operation use. */
export function differentConstants({ passes }: Operation): number {
  return new Set(passes.map(({ constants }) => constants)).size;
}
