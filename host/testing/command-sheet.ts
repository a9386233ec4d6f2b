import type { HwConfig } from "../../hdl-gen/index.ts";
import type { FeatureShape } from "../../models/ir/network.ts";
import { expandScale } from "../arithmetic/index.ts";
import { Geometry } from "../compiler/geometry.ts";
import { ALIGNMENT } from "../compiler/image/builder.ts";
import { packTables } from "../compiler/image/parameters.ts";
import type { Command, ComputeCommand } from "../isa/index.ts";
import { fromLines, lineBytesOf, toLines } from "./feature-lines.ts";

/** A tensor on chip: lines [row][channel group] from word `base`, `lineWords` words each. */
export interface Resident {
  readonly shape: FeatureShape;
  readonly base: number;
  readonly lineWords: number;
}

/** A finished stream of commands with its memory, and where its results will be. */
export interface Sheet {
  readonly config: HwConfig;
  readonly commands: readonly Command[];
  /** The memory window; the last ALIGNMENT-rounded part is free for the commands. */
  readonly dram: Uint8Array;
  readonly commandOffset: number;
  /** The stored tensor (int8, NCHW) in a window after the run. */
  readonly result: (dram: Uint8Array) => Int8Array;
}

type ComputeFields = Partial<Omit<ComputeCommand, "kind" | "waitLoad">>;

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

/** Writes command streams by hand: memory is handed out in order, computations wait for all loads before them. */
export class CommandSheet {
  readonly geometry: Geometry;
  readonly #commands: Command[] = [];
  readonly #parts: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #dramBytes = 0;
  #words = 0;
  #loads = 0;
  #computes = 0;

  constructor(config: HwConfig) {
    this.geometry = new Geometry(config);
  }

  /** Computations so far: what `waitCompute` takes to wait for all of them. */
  get computes(): number {
    return this.#computes;
  }

  /** Room on chip for a tensor; `lineWords` by default as many as its width needs. */
  place(shape: FeatureShape, lineWords = this.geometry.lineWords(shape.width)): Resident {
    const base = this.#words;
    this.#words += shape.height * this.geometry.channelGroups(shape.channels) * lineWords;
    return { shape, base, lineWords };
  }

  /** Loads a tensor (int8, NCHW). */
  load(shape: FeatureShape, values: Int8Array): Resident {
    const resident = this.place(shape);
    const memoryOffset = this.#put(toLines(this.geometry, shape, values));
    this.#load({ kind: "loadFeatures", ...this.#transfer(resident, memoryOffset) });
    return resident;
  }

  /** Loads weight words, bytes [word][m][lane], after the given number of computations. */
  loadWeights(firstWord: number, bytes: Int8Array, waitCompute = 0): void {
    const beats = bytes.length / this.geometry.beatBytes;
    const waits = { waitLoad: 0, waitCompute, waitStore: 0 };
    this.#load({ kind: "loadWeights", ...waits, memoryOffset: this.#put(new Uint8Array(bytes)), beats, firstWord });
  }

  /** Loads the parameters of channels from word 0 on: float32 scale and bias of each. */
  loadParameters(channels: readonly { readonly scale: number; readonly bias: number }[]): void {
    const bytes = new Uint8Array(16 * channels.length);
    const view = new DataView(bytes.buffer);
    channels.forEach(({ scale, bias }, index) => {
      view.setBigUint64(16 * index, expandScale(scale, 2 ** 26) ?? 0n, true);
      view.setInt32(16 * index + 8, bias, true);
    });
    const beats = bytes.length / this.geometry.beatBytes;
    this.#load({ kind: "loadParameters", ...noWaits, memoryOffset: this.#put(bytes), beats, firstWord: 0 });
  }

  /** Loads table bank 1. */
  loadTables(ta: Float64Array, tb: Float64Array): void {
    const bytes = packTables(this.geometry, { ta, tb, z2: 0, lo2: -128, hi2: 127 });
    const beats = bytes.length / this.geometry.beatBytes;
    this.#load({ kind: "loadTables", ...noWaits, memoryOffset: this.#put(bytes), beats, bank: 1 });
  }

  /** A 1x1 computation over the whole of a tensor's channels, without clamps; `fields` replaces what differs. */
  compute(input: Resident, output: Resident, blocks: number, fields: ComputeFields = {}): void {
    const { banks, channelGroups } = {
      banks: this.geometry.banks,
      channelGroups: this.geometry.channelGroups(input.shape.channels),
    };
    const inRowStride = channelGroups * input.lineWords;
    const outRowStride = this.geometry.channelGroups(output.shape.channels) * output.lineWords;
    const { iy0 = 0, ix0 = 0 } = fields;
    this.#commands.push({
      kind: "compute",
      ...{ waitLoad: this.#loads, waitCompute: 0, waitStore: 0 },
      ...{ stride2: 0, residual: 0, weightHold: 0, tableBank: 1, max: 0, upsample: 0, accumulate: 0, partial: 0 },
      ...{ inBase: modulo(input.base + iy0 * inRowStride, 2 ** 16), inRowStride, inCgStride: input.lineWords },
      ...{ inGroupStride: 0, ringEnd: 0, ringSize: 0, inWidth: input.shape.width, inHeight: input.shape.height },
      ...{ iy0, ix0, rot0: modulo(ix0, banks), q0: Math.floor(ix0 / banks), kernelWidth: 1, kernelHeight: 1 },
      ...{ channelGroups, blocks, rows: output.shape.height, tiles: output.lineWords, blocksPerGroup: blocks },
      ...{ xZero: 0, weightBase: 0, weightBlockStride: channelGroups, parameterBase: 0, residualBase: output.base },
      ...{ outBase: output.base, outRowStride, outCgStride: output.lineWords, residualRowStride: outRowStride },
      ...{ residualCgStride: output.lineWords, z1: 0, z2: 0, lo1: -128, hi1: 127, lo2: -128, hi2: 127 },
      ...fields,
    });
    this.#computes++;
  }

  /** Stores a tensor when all is computed, and ends. */
  store(resident: Resident): Sheet {
    const { geometry } = this;
    const bytes = lineBytesOf(geometry, resident.shape);
    const offset = this.#put(new Uint8Array(bytes));
    const waits = { waitLoad: this.#loads, waitCompute: this.#computes };
    this.#commands.push({ kind: "storeFeatures", ...this.#transfer(resident, offset), ...waits });
    this.#commands.push({ kind: "end", ...waits, waitStore: 1 });
    const commands = [...this.#commands];
    const dram = new Uint8Array(this.#dramBytes + Math.ceil((commands.length * 64) / ALIGNMENT) * ALIGNMENT);
    for (const part of this.#parts) dram.set(part.bytes, part.offset);
    const result = (window: Uint8Array): Int8Array =>
      fromLines(geometry, resident.shape, window.subarray(offset, offset + bytes));
    return { config: geometry.config, commands, dram, commandOffset: this.#dramBytes, result };
  }

  #put(bytes: Uint8Array): number {
    const offset = this.#dramBytes;
    this.#dramBytes += Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT;
    this.#parts.push({ offset, bytes });
    return offset;
  }

  #load(command: Command): void {
    this.#commands.push(command);
    this.#loads++;
  }

  #transfer({ shape, base, lineWords }: Resident, memoryOffset: number) {
    const linesPerRow = this.geometry.channelGroups(shape.channels);
    return {
      ...noWaits,
      ...{ memoryOffset, lines: shape.height * linesPerRow, columns: shape.width, base, lineStride: lineWords },
      ...{ linesPerRow, rowStride: linesPerRow * lineWords, firstBank: 0 },
    };
  }
}

const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };
