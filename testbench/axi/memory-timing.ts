import { type MemoryModel, memoryModels } from "../../host/index.ts";
import { RandomSource } from "./random-source.ts";

/** Inclusive range of cycles. */
export interface CycleRange {
  /** At least 1. */
  readonly min: number;
  readonly max: number;
}

/** How the AXI memory behaves in time. One beat a cycle and direction is always the limit. */
export interface MemoryTiming {
  /** Cycles from the edge that takes the address to the edge at which the first data beat can be taken. */
  readonly readLatency: CycleRange;
  /** Cycles from the edge that takes a burst's last data beat to the edge at which its response can be taken. */
  readonly writeLatency: CycleRange;
  /** Bursts accepted and not yet finished, per direction; at the limit the address channel is not ready. 1..256. */
  readonly maxBursts: number;
  /** Probability per cycle, 0..0.95, that a channel holds back its ready (ar, aw, w) or a new valid (r, b). */
  readonly stalls: {
    readonly ar: number;
    readonly r: number;
    readonly aw: number;
    readonly w: number;
    readonly b: number;
  };
  /** Seed of stalls and latencies. */
  readonly seed: number;
}

const noStalls = { ar: 0, r: 0, aw: 0, w: 0, b: 0 } as const;

/** The memory that the cycle model assumes: constant latencies, no stalls. */
export function steadyTiming({ readLatency, writeLatency, maxBursts }: MemoryModel): MemoryTiming {
  return {
    readLatency: { min: readLatency, max: readLatency },
    writeLatency: { min: writeLatency, max: writeLatency },
    maxBursts,
    stalls: noStalls,
    seed: 1,
  };
}

/** Data follow their address without a gap. */
export const idealTiming: MemoryTiming = steadyTiming(memoryModels.ideal);

/** A DDR-like memory. */
export const ddrTiming: MemoryTiming = steadyTiming(memoryModels.ddr);

/** Latencies, limits and back-pressure on every channel drawn from a seed: anything AXI allows in order. */
export function randomTiming(seed: number): MemoryTiming {
  const random = new RandomSource(seed);
  const pick = (choices: readonly number[]) => choices[random.below(choices.length)];
  const latency = (): CycleRange => {
    const min = 1 + random.below(pick([1, 4, 40]));
    return { min, max: min + random.below(pick([1, 8, 60])) };
  };
  const stall = () => pick([0, 0, 0.1, 0.4, 0.8]);
  return {
    readLatency: latency(),
    writeLatency: latency(),
    maxBursts: pick([1, 2, 4, 16, 64]),
    stalls: { ar: stall(), r: stall(), aw: stall(), w: stall(), b: stall() },
    seed,
  };
}

/** The same by the names that the command line uses. */
export const memoryTimings = { ideal: idealTiming, ddr: ddrTiming } as const satisfies Record<
  keyof typeof memoryModels,
  MemoryTiming
>;
