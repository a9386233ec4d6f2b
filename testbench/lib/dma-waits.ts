import { type Command, type Engine, engineOf } from "../../host/isa/index.ts";
import { beatsOf, type DmaShape, placedWords } from "./dma-model.ts";

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
