import type { AxiMemoryOptions, AxiTraffic } from "./axi/index.ts";
import type { TraceSink } from "./engine/index.ts";

/** A window of clock cycles to write as VCD. */
export interface TraceWindow {
  /** First and last cycle, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly sink: TraceSink;
}

/** Options of `AcceleratorSimulator`; the memory's are passed on. */
export interface SimulatorOptions extends Omit<AxiMemoryOptions, "prefix"> {
  /** Check both AXI ports against the protocol. Default true. */
  readonly monitors?: boolean;
  /** Most read and write bursts that the design may have outstanding. Default 256. */
  readonly maxReads?: number;
  readonly maxWrites?: number;
  /** Probability of stalls on the register port. Default 0. */
  readonly registerStall?: number;
  /** Seed of register stalls and of random start values. Default 1. */
  readonly seed?: number;
  /** Needs a model built with `trace`. Default none. */
  readonly trace?: TraceWindow;
  /** Cycles after which a register access that is not answered fails. Default 10,000. */
  readonly registerTimeout?: number;
}

/** What a simulation has cost so far. */
export interface SimulationStatistics {
  /** Clock cycles since construction. */
  readonly cycles: number;
  /** Wall-clock time spent simulating them. */
  readonly seconds: number;
  readonly cyclesPerSecond: number;
  readonly traffic: AxiTraffic;
}
