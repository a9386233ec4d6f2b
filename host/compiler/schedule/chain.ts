import { type ChainLink, chainLinks } from "../lower/chain.ts";
import type { Operation } from "../lower/operation.ts";
import type { Piece } from "../lower/pieces.ts";
import type { Segment } from "../lower/segments.ts";
import { type Range, rowsRead, type Strip, stripsOf, windowLoaded } from "../place/strip.ts";
import type { ChainPlan, Split, StripPlan } from "../place/strips.ts";
import type { Buffers, InputSite, Site } from "./buffers.ts";
import { computeStep, groupsWritten } from "./compute.ts";
import type { Emitter } from "./emitter.ts";
import { Gather } from "./gather.ts";

/** A link of a block's chain with its weights. */
interface Link {
  readonly link: ChainLink;
  readonly piece: Piece;
}

/** Writes the steps of an operation whose sums are made in chains: for each tile, for each block, for each link. */
export class ChainSchedule {
  readonly #emitter: Emitter;
  readonly #operation: Operation;
  /** The same without what the drain adds, which is for a chain's last link; with gathering, into words by themselves. */
  readonly #plain: Operation;
  readonly #plan: StripPlan;
  readonly #chain: ChainPlan;
  readonly #buffers: Buffers;
  readonly #index: number;
  readonly #tableBank: number;
  readonly #gather: Gather | undefined;
  /** Links by segment and block. */
  readonly #links = new Map<Segment, readonly (readonly Link[])[]>();

  constructor(
    emitter: Emitter,
    operation: Operation,
    plan: StripPlan & { readonly chain: ChainPlan },
    buffers: Buffers,
    index: number,
    tableBank: number,
  ) {
    this.#emitter = emitter;
    this.#operation = operation;
    this.#plan = plan;
    this.#chain = plan.chain;
    this.#buffers = buffers;
    this.#index = index;
    this.#tableBank = tableBank;
    const { gather } = plan.chain;
    this.#gather = gather === undefined ? undefined : new Gather(emitter, operation, gather, index, tableBank);
    const part = gather === undefined ? operation.part : { ...operation.part, firstGroup: 0 };
    this.#plain = { ...operation, part, residual: undefined, tables: undefined };
  }

  emit(split: Split): void {
    for (const segment of split.segments) this.#links.set(segment, this.#linksOf(segment));
    const written = groupsWritten(this.#emitter.geometry, split);
    const parameters = this.#residentParameters(split);
    for (const strip of stripsOf(this.#operation, this.#plan.rows, this.#plan.columns)) {
      const input = this.#chain.inputByLink ? undefined : this.#wholeInput(strip, split);
      const outputs = this.#buffers.outputs(strip, written);
      for (const segment of split.segments)
        for (const [block, links] of (this.#links.get(segment) ?? []).entries())
          this.#emitBlock(segment, block, links, strip, input, outputs, parameters);
      this.#buffers.finish(strip, written, outputs.output);
    }
  }

  #emitBlock(
    segment: Segment,
    block: number,
    links: readonly Link[],
    strip: Strip,
    input: InputSite | undefined,
    outputs: Omit<Site, keyof InputSite>,
    resident: ((block: number) => number) | undefined,
  ): void {
    const at = segment.firstBlock + block;
    const parameterBase = resident?.(at) ?? this.#loadParameters(at, 1);
    const { blocksPerWord } = this.#emitter.geometry;
    const target = this.#gather?.target(strip, at % blocksPerWord) ?? outputs;
    for (const [position, { link, piece }] of links.entries()) {
      const last = position === links.length - 1;
      const features =
        input ??
        this.#buffers.input(this.#region(strip, link, [link.firstGroup, link.firstGroup + link.channelGroups]));
      const weightBase = this.#emitter.takeWeights(piece.words, this.#operation.name);
      this.#emitter.loadWeights(this.#operation, piece, weightBase, this.#index, link);
      const added = last && this.#gather === undefined;
      const operation = added ? this.#operation : this.#plain;
      const site = {
        ...features,
        output: target.output,
        residual: added ? outputs.residual : undefined,
        weightBase,
        parameterBase,
        tableBank: this.#tableBank,
        strip,
      };
      const placed = this.#gather === undefined ? piece : { ...piece, firstBlock: 0 };
      const pass = { ...operation.passes[0], tap: link.tap, kernel: link.kernel };
      const step = computeStep(this.#emitter.geometry, operation, placed, pass, site, this.#index);
      if (step.command.kind !== "compute") throw new Error("a link is a computation");
      const { max } = step.command;
      const flags = { accumulate: position > 0 ? 1 : 0, partial: last ? 0 : 1, max: last ? max : 0 };
      this.#emitter.steps.push({ ...step, command: { ...step.command, ...flags } });
    }
    const wordDone = (at + 1) % blocksPerWord === 0 || block + 1 === segment.blocks;
    if (wordDone) this.#gather?.emit(strip, Math.floor(at / blocksPerWord), (at % blocksPerWord) + 1, outputs);
  }

  #wholeInput(strip: Strip, { firstGroup, endGroup }: Split): InputSite {
    const { kernel } = this.#operation;
    return this.#buffers.input(this.#region(strip, { tap: { y: 0, x: 0 }, kernel }, [firstGroup, endGroup]));
  }

  #region(strip: Strip, taps: Pick<ChainLink, "tap" | "kernel">, [firstGroup, endGroup]: Range) {
    const [firstRow, endRow] = rowsRead(this.#operation, strip, taps);
    const [firstColumn, endColumn] = windowLoaded(this.#emitter.geometry, this.#operation, strip, taps);
    return { firstRow, endRow, firstGroup, endGroup, firstColumn, endColumn };
  }

  #linksOf(segment: Segment): readonly (readonly Link[])[] {
    const { weightHold, passes } = this.#operation;
    return Array.from({ length: segment.blocks }, (_, block) => {
      const group = segment.firstGroup + Math.floor(block / segment.blocksPerGroup) * segment.groupStep;
      return chainLinks(passes[0], group, segment.channelGroups, this.#chain.budget).map((link) => {
        const { firstGroup, channelGroups, kernel } = link;
        const words = weightHold ? channelGroups : kernel.height * kernel.width * channelGroups;
        const range = { firstBlock: segment.firstBlock + block, blocks: 1, firstGroup, channelGroups };
        const piece = { ...range, blocksPerGroup: 1, groupStep: 0, blockWords: words, words };
        return { link, piece };
      });
    });
  }

  /** Loads all of a split's parameters, and those of the gathering, where they fit twice. @returns address by block */
  #residentParameters({ firstBlock, blocks }: Split): ((block: number) => number) | undefined {
    const { config, parameterWordsPerBlock, blocksPerWord } = this.#emitter.geometry;
    const gathering = this.#gather === undefined ? 0 : blocksPerWord;
    if ((blocks + gathering) * parameterWordsPerBlock > config.parameterDepth / 2) return undefined;
    this.#gather?.loadParameters();
    const base = this.#loadParameters(firstBlock, blocks);
    return (block) => base + (block - firstBlock) * parameterWordsPerBlock;
  }

  #loadParameters(firstBlock: number, blocks: number): number {
    const { constants } = this.#operation.passes[0];
    return this.#emitter.loadParameters(this.#operation, constants, firstBlock, blocks, this.#index);
  }
}
