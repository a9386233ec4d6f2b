import type { Command, CommandOf, FeatureTransfer } from "../../host/isa/index.ts";
import { RandomSource } from "../axi/random-source.ts";
import { beatsOf, type DmaShape } from "./dma-model.ts";

/** Where things are in the DRAM of these tests, in bytes. */
export const DRAM = { size: 1 << 17, stores: 1 << 16, dump: 3 << 15, commands: 7 << 14 } as const;

/** Random bytes from a seed. */
export function randomBytes(size: number, seed: number): Uint8Array {
  const random = new RandomSource(seed);
  return Uint8Array.from({ length: size }, () => random.below(256));
}

/** The waits of a command that waits for nothing. */
export const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };

/** END. */
export const end: Command = { kind: "end", ...noWaits };

/** A compute command of the fixture: see fixtures/vg_compute.v. */
export function fixtureCompute(
  fields: Partial<
    Pick<CommandOf<"compute">, "inBase" | "rows" | "weightBase" | "outBase" | "inRowStride" | "inCgStride">
  >,
): CommandOf<"compute"> {
  return {
    kind: "compute",
    ...noWaits,
    ...{ stride2: 0, residual: 0, weightHold: 0, tableBank: 0, max: 0, upsample: 0, accumulate: 0, partial: 0 },
    ...{ inBase: 0, inRowStride: 0, inCgStride: 0, inGroupStride: 0, ringEnd: 0, ringSize: 0 },
    ...{ inWidth: 1, inHeight: 1, iy0: 0, ix0: 0, rot0: 0, q0: 0 },
    ...{ kernelWidth: 1, kernelHeight: 1, channelGroups: 1, blocks: 1, rows: 1, tiles: 1, blocksPerGroup: 1, xZero: 0 },
    ...{ weightBase: 0, weightBlockStride: 0, parameterBase: 0, residualBase: 0, outBase: 0, outRowStride: 0 },
    ...{ outCgStride: 0, residualRowStride: 0, residualCgStride: 0, z1: 0, z2: 0, lo1: 0, hi1: 0, lo2: 0, hi2: 0 },
    ...fields,
  };
}

/** A feature transfer of one line; fields may be replaced. */
export function lineTransfer(
  kind: "loadFeatures" | "storeFeatures",
  fields: Partial<Omit<FeatureTransfer, "kind">>,
): FeatureTransfer {
  const one = {
    memoryOffset: 0,
    lines: 1,
    columns: 1,
    base: 0,
    lineStride: 0,
    linesPerRow: 1,
    rowStride: 0,
    firstBank: 0,
  };
  return { kind, ...noWaits, ...one, ...fields };
}

/** Loads that give every on-chip word a value, from the start of DRAM. */
export function fillAll(shape: DmaShape): Command[] {
  const { weightSlices, parameterSlices, tableSlices } = beatsOf(shape);
  return [
    lineTransfer("loadFeatures", { columns: shape.P * shape.FEATURE_DEPTH }),
    { kind: "loadWeights", ...noWaits, memoryOffset: 1024, beats: shape.WEIGHT_DEPTH * weightSlices, firstWord: 0 },
    {
      kind: "loadParameters",
      ...noWaits,
      memoryOffset: 2048,
      beats: shape.PARAMETER_DEPTH * parameterSlices,
      firstWord: 0,
    },
    { kind: "loadTables", ...noWaits, memoryOffset: 4096, beats: 256 * tableSlices, bank: 0 },
    { kind: "loadTables", ...noWaits, memoryOffset: 8192, beats: 256 * tableSlices, bank: 1 },
  ];
}

/** Stores the whole feature memory. */
export function dumpAll(shape: DmaShape): Command {
  return lineTransfer("storeFeatures", { memoryOffset: DRAM.dump, columns: shape.P * shape.FEATURE_DEPTH });
}
