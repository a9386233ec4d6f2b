import type { Operation } from "../lower/operation.ts";
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
  readonly #parameters = new Map<number, number>();
  #next: number | undefined;

  /** @param base first word of an area for all of the split's weights, else pieces take room one by one */
  constructor(emitter: Emitter, operation: Operation, index: number, split: Split, base: number | undefined) {
    this.#emitter = emitter;
    this.#operation = operation;
    this.#index = index;
    this.#split = split;
    this.#next = base;
  }

  /** Addresses of a piece's weights and parameters. */
  ready(piece: Piece): { readonly weightBase: number; readonly parameterBase: number } {
    const parameterBase = this.#parameterBase(piece);
    let weightBase = this.#words.get(piece);
    if (weightBase === undefined) {
      weightBase = this.#next ?? this.#emitter.takeWeights(piece.words, this.#operation.name);
      if (this.#next !== undefined) this.#next += piece.words;
      this.#words.set(piece, weightBase);
      this.#emitter.loadWeights(this.#operation, piece, weightBase, this.#index);
    }
    return { weightBase, parameterBase };
  }

  /** All of the split's parameters are loaded at once where they fit twice, or all must stay; else piece by piece. */
  #parameterBase(piece: Piece): number {
    const { geometry } = this.#emitter;
    const perBlock = geometry.parameterWordsPerBlock;
    const { firstBlock, blocks } = this.#split;
    const limit = geometry.config.parameterDepth / (this.#next === undefined ? 2 : 1);
    const together = blocks * perBlock <= limit;
    const first = together ? firstBlock : piece.firstBlock;
    let base = this.#parameters.get(first);
    if (base === undefined) {
      base = this.#emitter.loadParameters(this.#operation, first, together ? blocks : piece.blocks, this.#index);
      this.#parameters.set(first, base);
    }
    return base + (piece.firstBlock - first) * perBlock;
  }
}
