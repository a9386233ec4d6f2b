import type { Program } from "../../host/index.ts";
import type { MemoryStorage } from "../axi/storage.ts";

/** How often the bytes of a program's weights were read, counted by address. */
export interface ReadCounts {
  /** Bytes of DRAM that hold weights. */
  readonly bytes: number;
  /** Least and most reads of any of them. */
  readonly min: number;
  readonly max: number;
}

/**
 * Counts of a run by the memory behind the accelerator, over every place that a command loads weights from.
 * @throws Error if the memory does not count reads
 */
export function weightReads(program: Program, storage: MemoryStorage): ReadCounts {
  const places = new Map<number, number>();
  for (const command of program.commands) {
    if (command.kind !== "loadWeights") continue;
    const length = command.beats * storage.beatBytes;
    places.set(command.memoryOffset, Math.max(length, places.get(command.memoryOffset) ?? 0));
  }
  let [bytes, min, max] = [0, 255, 0];
  for (const [offset, length] of places) {
    const range = storage.readCountRange(storage.base + offset, length);
    bytes += length;
    min = Math.min(min, range.min);
    max = Math.max(max, range.max);
  }
  return { bytes, min, max };
}
