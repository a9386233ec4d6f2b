import type { Random } from "../../models/random/random.ts";
import { type Bounds, type Channel, randomBounds, randomChannel } from "./arithmetic.ts";
import { type ComputeFields, plainCompute } from "./compute-command.ts";

/** Parameters of vg_compute. */
export interface ComputeShape {
  readonly G: number;
  readonly M: number;
  readonly P: number;
  readonly R: number;
  readonly AXI_BITS: number;
  readonly FEATURE_DEPTH: number;
  readonly WEIGHT_DEPTH: number;
  readonly PARAMETER_DEPTH: number;
}

/** Where a tensor's lines lie in the feature memory: row r of channel group c. */
export interface Lines {
  readonly start: number;
  readonly rowStride: number;
  readonly cgStride: number;
  /** The rows lie in a ring of this many, row 0 at place `first`. */
  readonly ring?: { readonly rows: number; readonly first: number };
}

/** What becomes of a requantised value. */
export type DrainKind = "plain" | "add" | "max" | "upsample";

/** A convolution and where its operands lie. */
export interface Layer {
  readonly stride: 1 | 2;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly groups: number;
  /** Channel groups (of G) in each group. */
  readonly channelGroups: number;
  readonly blocksPerGroup: number;
  readonly rows: number;
  readonly tiles: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly iy0: number;
  readonly ix0: number;
  readonly xZero: number;
  readonly weightHold: boolean;
  readonly sharedWeights: boolean;
  readonly weightBase: number;
  /** [word][output channel of the block][lane]; word = [block][ky][kx][cg], without ky, kx when held, block when shared. */
  readonly weights: Int8Array;
  readonly parameterBase: number;
  /** [block][output channel of the block]. */
  readonly channels: readonly Channel[];
  readonly first: Bounds;
  readonly second: Bounds;
  readonly tableBank: number;
  /** How the drain makes outputs of results: alone, with the residual tensor, or each column twice. */
  readonly drain: DrainKind;
  readonly input: Lines;
  readonly output: Lines;
  readonly residual: Lines | undefined;
}

/** Sizes of a layer; the contents follow from a random source. */
export interface LayerSizes
  extends Pick<Layer, "stride" | "kernelHeight" | "kernelWidth" | "groups" | "channelGroups" | "blocksPerGroup">,
    Pick<Layer, "rows" | "tiles" | "inHeight" | "inWidth" | "iy0" | "ix0" | "weightHold" | "sharedWeights"> {
  readonly drain: DrainKind;
  /** Places of the input ring beyond inHeight (at least 2 places); no ring if undefined. */
  readonly ring: number | undefined;
  /** Largest activations and weights throughout. */
  readonly extreme: boolean;
}

/** First free word of each memory. */
export interface Free {
  feature: number;
  weight: number;
  parameter: number;
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;

/** Word of the line's first columns. */
export function lineAddress(lines: Lines, row: number, cg: number): number {
  const place = lines.ring === undefined ? row : modulo(lines.ring.first + row, lines.ring.rows);
  return lines.start + place * lines.rowStride + cg * lines.cgStride;
}

/** Words of one weight block. */
export function weightWords(
  layer: Pick<Layer, "weightHold" | "kernelHeight" | "kernelWidth" | "channelGroups">,
): number {
  return layer.channelGroups * (layer.weightHold ? 1 : layer.kernelHeight * layer.kernelWidth);
}

/**
 * A layer of the given sizes with random contents, placed in free memory.
 * @param input lines of its input if they exist already (a previous layer's output)
 * @returns undefined if it does not fit
 */
export function placeLayer(
  shape: ComputeShape,
  sizes: LayerSizes,
  free: Free,
  random: Random,
  input?: Lines,
): Layer | undefined {
  const { G, M, P, R } = shape;
  const blocks = sizes.groups * sizes.blocksPerGroup;
  const place = (rows: number, channelGroups: number, words: number, ring?: Lines["ring"]): Lines => {
    const cgStride = words + random.integer(0, 1);
    const rowStride = channelGroups * cgStride + random.integer(0, 2);
    const start = free.feature + random.integer(0, 2);
    free.feature = start + (ring?.rows ?? rows) * rowStride;
    return { start, rowStride, cgStride, ...(ring === undefined ? {} : { ring }) };
  };
  const ringRows = sizes.ring === undefined ? undefined : Math.max(2, sizes.inHeight + sizes.ring);
  const ring = ringRows === undefined ? undefined : { rows: ringRows, first: random.integer(0, ringRows - 1) };
  const inGroups = sizes.groups * sizes.channelGroups;
  const outGroups = Math.ceil((blocks * M) / G);
  const inputLines = input ?? place(sizes.inHeight, inGroups, Math.ceil(sizes.inWidth / P), ring);
  const output = place(sizes.rows, outGroups, tileWords(sizes));
  const residual =
    sizes.drain === "add" || sizes.drain === "max" ? place(sizes.rows, outGroups, sizes.tiles) : undefined;
  const words = weightWords(sizes) * (sizes.sharedWeights ? 1 : blocks);
  const [weightBase, parameterBase] = [free.weight + random.integer(0, 2), free.parameter + random.integer(0, 2)];
  free.weight = weightBase + words;
  free.parameter = parameterBase + (blocks * M) / R;
  const fits = free.feature <= shape.FEATURE_DEPTH && free.weight <= shape.WEIGHT_DEPTH;
  if (!fits || free.parameter > shape.PARAMETER_DEPTH) return undefined;
  const products = sizes.kernelHeight * sizes.kernelWidth * sizes.channelGroups * G;
  const magnitude = sizes.extreme ? products * 127 * 127 : Math.sqrt(products) * 64 * 64;
  const weight = () => (sizes.extreme ? (random.real() < 0.5 ? -127 : 127) : random.integer(-127, 127));
  return {
    ...sizes,
    ...{ weightBase, parameterBase, input: inputLines, output, residual },
    xZero: random.integer(-128, 127),
    weights: Int8Array.from({ length: words * M * G }, weight),
    channels: Array.from({ length: blocks * M }, () => randomChannel(random, magnitude)),
    ...{ first: randomBounds(random), second: randomBounds(random), tableBank: random.integer(0, 1) },
    drain: sizes.drain,
  };
}

/** Sizes of a layer that reads the output of another: its input is what there is. */
export function chainedSizes(wanted: LayerSizes, previous: Layer, { G, M, P }: ComputeShape): LayerSizes {
  const available = Math.ceil((previous.groups * previous.blocksPerGroup * M) / G);
  const channelGroups = Math.min(wanted.channelGroups, available);
  const groups = Math.min(wanted.groups, Math.floor(available / channelGroups));
  const inWidth = Math.min(wanted.inWidth, tileWords(previous) * P);
  return { ...wanted, channelGroups, groups, inHeight: previous.rows, inWidth, ring: undefined };
}

/** The COMPUTE command of a layer. */
export function layerCommand(layer: Layer, waits: Partial<ComputeFields> = {}): ComputeFields {
  const { input, output, residual, first, second } = layer;
  const { ring } = input;
  const ringSize = ring === undefined ? 0 : ring.rows * input.rowStride;
  return {
    ...plainCompute,
    ...{ stride2: layer.stride === 2, residual: residual !== undefined, tableBank: layer.tableBank },
    ...{ max: layer.drain === "max", upsample: layer.drain === "upsample" },
    ...{ weightHold: layer.weightHold, inBase: lineAddress(input, layer.iy0, 0), inRowStride: input.rowStride },
    ...{ inCgStride: input.cgStride, inGroupStride: layer.channelGroups * input.cgStride, ringSize },
    ...{ ringEnd: ring === undefined ? 0 : input.start + ringSize, inWidth: layer.inWidth, inHeight: layer.inHeight },
    ...{ iy0: layer.iy0, ix0: layer.ix0, kernelWidth: layer.kernelWidth, kernelHeight: layer.kernelHeight },
    ...{ channelGroups: layer.channelGroups, blocks: layer.groups * layer.blocksPerGroup, rows: layer.rows },
    ...{ tiles: layer.tiles, blocksPerGroup: layer.blocksPerGroup, xZero: layer.xZero, weightBase: layer.weightBase },
    ...{ weightBlockStride: layer.sharedWeights ? 0 : weightWords(layer), parameterBase: layer.parameterBase },
    ...{ outBase: output.start, outRowStride: output.rowStride, outCgStride: output.cgStride },
    ...{ residualBase: residual?.start ?? 0, residualRowStride: residual?.rowStride ?? 0 },
    ...{ residualCgStride: residual?.cgStride ?? 0, z1: first.z, lo1: first.lo, hi1: first.hi },
    ...{ z2: second.z, lo2: second.lo, hi2: second.hi },
    ...waits,
  };
}

/** Words per bank of an output line. */
function tileWords({ tiles, drain }: Pick<Layer, "tiles" | "drain">): number {
  return drain === "upsample" ? 2 * tiles : tiles;
}

/** Blocks that share one feature word, and feature words of one block. */
export function blockWords({ G, M }: Pick<ComputeShape, "G" | "M">): { sharing: number; words: number } {
  return { sharing: Math.max(1, G / M), words: Math.max(1, M / G) };
}
