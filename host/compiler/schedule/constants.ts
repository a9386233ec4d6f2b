import type { ChannelConstants } from "../lower/channels.ts";
import type { Operation, Pass } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Emitter } from "./emitter.ts";

/** Parts of the parameter memory that one load fills, so that the first ones are there early. */
const PARTS = 8;

/** Consecutive pieces whose parameters, of one kind of pass, are loaded by one command. */
interface Chunk {
  readonly firstBlock: number;
  readonly blocks: number;
  /** Room for all kinds, and where the parameters that have been loaded are. */
  area: number | undefined;
  readonly loaded: Map<ChannelConstants, number>;
}

/** Weights and parameters of some pieces of an operation, loaded when they are first needed. */
export class Constants {
  readonly #emitter: Emitter;
  readonly #operation: Operation;
  readonly #index: number;
  readonly #words = new Map<Piece, number>();
  readonly #chunks: ReadonlyMap<Piece, Chunk>;
  readonly #kinds: number;
  /** Where the weights loaded next go, if all stay. */
  #next: number | undefined;

  /**
   * @param pieces in the order in which they are first needed
   * @param resident whether all constants stay loaded: then they must fit; else those of one piece after the other pass
   */
  constructor(emitter: Emitter, operation: Operation, index: number, pieces: readonly Piece[], resident: boolean) {
    this.#emitter = emitter;
    this.#operation = operation;
    this.#index = index;
    this.#kinds = differentConstants(operation);
    const { config, parameterWordsPerBlock } = emitter.geometry;
    this.#chunks = chunksOf(pieces, Math.floor(config.parameterDepth / PARTS / parameterWordsPerBlock));
    if (!resident) return;
    this.#next = emitter.takeWeights(
      pieces.reduce((sum, { words }) => sum + words, 0),
      operation.name,
    );
    const blocks = pieces.reduce((sum, piece) => sum + piece.blocks, 0);
    let area = emitter.takeParameters(blocks * this.#kinds, operation.name);
    for (const chunk of new Set(this.#chunks.values())) {
      chunk.area = area;
      area += chunk.blocks * this.#kinds * parameterWordsPerBlock;
    }
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

  /** The parameters of a chunk are loaded once for each kind of pass, side by side; for each use where they do not fit so. */
  #parameterBase(piece: Piece, constants: ChannelConstants): number {
    const { geometry } = this.#emitter;
    const perBlock = geometry.parameterWordsPerBlock;
    const chunk = this.#chunks.get(piece);
    if (chunk === undefined) throw new Error(`a piece of ${this.#operation.name} that is not its own`);
    const words = chunk.blocks * perBlock;
    const behind = (piece.firstBlock - chunk.firstBlock) * perBlock;
    const known = chunk.loaded.get(constants);
    if (known !== undefined) return known + behind;
    const fits = chunk.area !== undefined || words * this.#kinds <= geometry.config.parameterDepth / 2;
    if (fits) chunk.area ??= this.#emitter.takeParameters(chunk.blocks * this.#kinds, this.#operation.name);
    const room = chunk.area === undefined ? undefined : chunk.area + chunk.loaded.size * words;
    const { firstBlock, blocks } = chunk;
    const base = this.#emitter.loadParameters(this.#operation, constants, firstBlock, blocks, this.#index, room);
    if (fits) chunk.loaded.set(constants, base);
    return base + behind;
  }
}

/** The chunk of each piece: as many consecutive pieces as have `most` blocks, and one at least. */
function chunksOf(pieces: readonly Piece[], most: number): ReadonlyMap<Piece, Chunk> {
  const chunks = new Map<Piece, Chunk>();
  for (let first = 0; first < pieces.length; ) {
    let [end, blocks] = [first, 0];
    do blocks += pieces[end++].blocks;
    while (end < pieces.length && blocks + pieces[end].blocks <= most);
    const chunk = { firstBlock: pieces[first].firstBlock, blocks, area: undefined, loaded: new Map() };
    for (const piece of pieces.slice(first, end)) chunks.set(piece, chunk);
    first = end;
  }
  return chunks;
}

/** Sets of parameters that the passes of an operation use. */
export function differentConstants({ passes }: Operation): number {
  return new Set(passes.map(({ constants }) => constants)).size;
}
