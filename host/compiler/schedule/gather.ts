import { copyOperation } from "../lower/copy.ts";
import type { Operation } from "../lower/operation.ts";
import { type Piece, piecesOf } from "../lower/pieces.ts";
import { segmentsOf } from "../lower/segments.ts";
import type { Strip } from "../place/strip.ts";
import type { Site } from "./buffers.ts";
import { computeStep } from "./compute.ts";
import type { Emitter } from "./emitter.ts";
import type { View } from "./view.ts";

/**
 * Puts the blocks of a feature word together (M < G): a command of one block can write the first bytes of a word only, so
 * chains end in lines of their own, from which an identity with a block for each takes them.
 */
export class Gather {
  readonly #emitter: Emitter;
  readonly #copy: Operation;
  readonly #piece: Piece;
  readonly #base: number;
  readonly #index: number;
  readonly #tableBank: number;
  #parameterBase: number | undefined;

  /** @param base address of the lines */
  constructor(emitter: Emitter, operation: Operation, base: number, index: number, tableBank: number) {
    const { geometry } = emitter;
    const { lanes, blockChannels, blocksPerWord } = geometry;
    const shape = { ...operation.outputShape, channels: lanes };
    const order = Int32Array.from({ length: lanes }, (_, channel) => channel);
    this.#copy = {
      ...copyOperation(operation.name, "", "", shape),
      input: {
        ...operation.output,
        channels: order.map((c) => Math.floor(c / blockChannels) * lanes + (c % blockChannels)),
      },
      residual: operation.residual,
      output: operation.output,
      part: operation.part,
      outputs: order,
      residualGroup: operation.residualGroup,
      tables: operation.tables,
    };
    const [segment] = segmentsOf(geometry, this.#copy, 0, blocksPerWord);
    [this.#piece] = piecesOf(geometry, this.#copy, segment, blocksPerWord);
    this.#emitter = emitter;
    this.#base = base;
    this.#index = index;
    this.#tableBank = tableBank;
  }

  /** Loads parameters that stay. */
  loadParameters(): void {
    this.#parameterBase = this.#load();
  }

  /** Where the chain of the word's block `block` ends. */
  target(strip: Strip, block: number): { readonly output: View } {
    const view = this.#view(strip);
    return { output: { ...view, base: this.#base + block * view.groupStride } };
  }

  /**
   * Writes a feature word, with what the drain adds.
   * @param word channel group from the first one of the part
   * @param blocks blocks that it has
   */
  emit(strip: Strip, word: number, blocks: number, outputs: Pick<Site, "residual" | "output">): void {
    const { geometry, steps } = this.#emitter;
    const weightBase = this.#emitter.takeWeights(this.#piece.words, this.#copy.name);
    this.#emitter.loadWeights(this.#copy, this.#piece, weightBase, this.#index);
    const site = {
      ...outputs,
      input: this.#view(strip),
      window: [strip.firstColumn, strip.endColumn] as const,
      weightBase,
      parameterBase: this.#parameterBase ?? this.#load(),
      tableBank: this.#tableBank,
      strip,
    };
    const piece = { ...this.#piece, firstBlock: word * geometry.blocksPerWord, blocks };
    steps.push(computeStep(geometry, this.#copy, piece, this.#copy.passes[0], site, this.#index));
  }

  #load(): number {
    const { constants } = this.#copy.passes[0];
    const { blocksPerWord } = this.#emitter.geometry;
    return this.#emitter.loadParameters(this.#copy, constants, 0, blocksPerWord, this.#index);
  }

  #view({ firstRow, firstColumn, endColumn }: Strip): View {
    const { geometry } = this.#emitter;
    const groupStride = geometry.lineWords(endColumn - firstColumn);
    const rowStride = geometry.blocksPerWord * groupStride;
    return { base: this.#base, rowStride, groupStride, firstRow, firstGroup: 0, firstColumn };
  }
}
