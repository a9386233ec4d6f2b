/** What the cycle model knows of the memory behind the bus: in order, at best one beat a cycle and direction. */
export interface MemoryModel {
  /** Cycles from an address to its first data beat. */
  readonly readLatency: number;
  /** Cycles from a burst's last data beat to its response. */
  readonly writeLatency: number;
  /** Bursts outstanding per direction. */
  readonly maxBursts: number;
}

/**
 * Memories by the names that the command line uses, for the cycle model and the simulated memory alike: `ideal` answers at
 * once; `ddr` like a DDR's controller, after 100 cycles, responses to writes after 20, at most 16 bursts outstanding.
 */
export const memoryModels = {
  ideal: { readLatency: 1, writeLatency: 1, maxBursts: 256 },
  ddr: { readLatency: 100, writeLatency: 20, maxBursts: 16 },
} as const satisfies Record<string, MemoryModel>;
