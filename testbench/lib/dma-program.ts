import fc from "fast-check";
import type { Command, CommandOf, Engine, FeatureTransfer } from "../../host/isa/index.ts";
import { engineOf } from "../../host/isa/index.ts";
import { RandomSource } from "../axi/random-source.ts";
import { beatsOf, type DmaShape, placedWords } from "./dma-model.ts";

/** Where things are in the DRAM of these tests, in bytes. */
export const DRAM = { size: 1 << 17, stores: 1 << 16, dump: 3 << 15, commands: 7 << 14 } as const;

/** Random bytes from a seed. */
export function randomBytes(size: number, seed: number): Uint8Array {
  const random = new RandomSource(seed);
  return Uint8Array.from({ length: size }, () => random.below(256));
}

const noWaits = { waitLoad: 0, waitCompute: 0, waitStore: 0 };

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

/** A random feature transfer that stays within the feature memory. */
function transferOf(shape: DmaShape, kind: "loadFeatures" | "storeFeatures"): fc.Arbitrary<FeatureTransfer> {
  const { beatBytes } = beatsOf(shape);
  const depth = shape.FEATURE_DEPTH;
  const stride = fc.integer({ min: -depth / 2, max: depth / 2 }).map((value) => value & 0xffff);
  return fc
    .record({
      beat: fc.nat((1 << 15) / beatBytes),
      lines: fc.integer({ min: 1, max: 6 }),
      columns: fc.integer({ min: 1, max: 3 * shape.P }),
      base: fc.nat(depth - 1),
      lineStride: stride,
      linesPerRow: fc.integer({ min: 1, max: 7 }),
      rowStride: stride,
      firstBank: fc.nat(shape.P - 1),
    })
    .map(({ beat, ...fields }) => {
      const memoryOffset = beat * beatBytes + (kind === "loadFeatures" ? 0 : DRAM.stores);
      const transfer = lineTransfer(kind, { ...fields, memoryOffset });
      const fits = placedWords(shape, transfer).every(({ addr }) => addr < depth);
      return fits ? transfer : { ...transfer, lines: 1, base: fields.base % (depth - 3) };
    });
}

function wordLoad(shape: DmaShape, kind: "loadWeights" | "loadParameters"): fc.Arbitrary<Command> {
  const { beatBytes, weightSlices, parameterSlices } = beatsOf(shape);
  const [depth, slices] =
    kind === "loadWeights" ? [shape.WEIGHT_DEPTH, weightSlices] : [shape.PARAMETER_DEPTH, parameterSlices];
  return fc.tuple(fc.nat(depth - 1), fc.nat(depth - 1), fc.nat((1 << 15) / beatBytes)).map(([a, b, beat]) => ({
    kind,
    ...noWaits,
    memoryOffset: beat * beatBytes,
    beats: (Math.abs(a - b) + 1) * slices,
    firstWord: Math.min(a, b),
  }));
}

function copyOf(shape: DmaShape): fc.Arbitrary<Command> {
  const { weightSlices, parameterSlices, tableSlices } = beatsOf(shape);
  const sizes = [1, shape.WEIGHT_DEPTH * weightSlices, shape.PARAMETER_DEPTH * parameterSlices, 512 * tableSlices];
  return fc.record({ kind: fc.nat(3), stall: fc.nat(3), rows: fc.nat(15), from: fc.nat(), to: fc.nat() }).map((raw) => {
    const rows = raw.kind === 0 ? raw.rows + 1 : Math.min(raw.rows + 1, sizes[raw.kind]);
    const weightBase = raw.from % (sizes[raw.kind] - (raw.kind === 0 ? 0 : rows - 1));
    const outBase = raw.to % (shape.FEATURE_DEPTH - rows + 1);
    return fixtureCompute({ inBase: raw.kind, inRowStride: raw.stall, rows, weightBase, outBase });
  });
}

/** What a command reads and writes, as numbers that tell all words and beats apart. */
function footprint(shape: DmaShape, command: Command): { reads: number[]; writes: number[] } {
  const { beatBytes, weightSlices, parameterSlices, tableSlices, wordsPerBeat } = beatsOf(shape);
  const span = (space: number, from: number, count: number) =>
    Array.from({ length: count }, (_, index) => space * 2 ** 24 + from + index);
  switch (command.kind) {
    case "loadFeatures":
    case "storeFeatures": {
      const words = placedWords(shape, command);
      const chip = words.map(({ bank, addr }) => addr * shape.P + bank);
      const dram = words.map(({ offset }) => 2 ** 24 + Math.floor((command.memoryOffset + offset) / beatBytes));
      return command.kind === "loadFeatures" ? { reads: dram, writes: chip } : { reads: chip, writes: dram };
    }
    case "loadWeights":
      return {
        reads: span(1, command.memoryOffset / beatBytes, command.beats),
        writes: span(3, command.firstWord * weightSlices, command.beats),
      };
    case "loadParameters":
      return {
        reads: span(1, command.memoryOffset / beatBytes, command.beats),
        writes: span(4, command.firstWord * parameterSlices, command.beats),
      };
    case "loadTables":
      return {
        reads: span(1, command.memoryOffset / beatBytes, command.beats),
        writes: span(5, command.bank * 256 * tableSlices, command.beats),
      };
    case "compute": {
      if ((command.inBase & 3) === 0) return { reads: [], writes: [] };
      const writes = Array.from({ length: command.rows }, (_, beat) =>
        span(0, (command.outBase + beat) * shape.P, wordsPerBeat),
      );
      return { reads: span(2 + (command.inBase & 3), command.weightBase, command.rows), writes: writes.flat() };
    }
    case "end":
      return { reads: [], writes: [] };
  }
}

/** Sets each command's waits: for the last conflicting command of the other engines, and now and then for more. */
export function withWaits(shape: DmaShape, commands: readonly Command[], extra: readonly number[]): Command[] {
  const counts: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
  const past: { engine: Engine; ordinal: number; reads: Set<number>; writes: Set<number> }[] = [];
  return commands.map((command, index) => {
    const { reads, writes } = footprint(shape, command);
    const engine = engineOf(command.kind);
    const waits: Record<Engine, number> = { load: 0, compute: 0, store: 0 };
    for (const other of past) {
      if (other.engine === engine) continue;
      const clash =
        reads.some((at) => other.writes.has(at)) || writes.some((at) => other.writes.has(at) || other.reads.has(at));
      if (clash) waits[other.engine] = Math.max(waits[other.engine], other.ordinal);
    }
    const choice = extra[index % extra.length];
    if (choice % 5 === 0) waits.load = Math.max(waits.load, counts.load - (choice % 3));
    if (choice % 7 === 0) waits.store = Math.max(waits.store, counts.store - (choice % 3));
    if (engine !== undefined)
      past.push({ engine, ordinal: ++counts[engine], reads: new Set(reads), writes: new Set(writes) });
    return { ...command, waitLoad: waits.load, waitCompute: waits.compute, waitStore: waits.store };
  });
}

/** Random programs: every memory is filled, random transfers and copies, everything is stored, END. */
export function programs(shape: DmaShape, maxLength: number): fc.Arbitrary<Command[]> {
  const one = fc.oneof(
    { weight: 4, arbitrary: transferOf(shape, "loadFeatures") },
    { weight: 4, arbitrary: transferOf(shape, "storeFeatures") },
    { weight: 1, arbitrary: wordLoad(shape, "loadWeights") },
    { weight: 1, arbitrary: wordLoad(shape, "loadParameters") },
    { weight: 3, arbitrary: copyOf(shape) },
  );
  return fc
    .tuple(fc.array(one, { maxLength }), fc.array(fc.nat(100), { minLength: 1, maxLength: 30 }))
    .map(([middle, extra]) => withWaits(shape, [...fillAll(shape), ...middle, dumpAll(shape), end], extra));
}
