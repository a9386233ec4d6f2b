export { AxiLiteMaster, type AxiLiteMasterOptions, type LiteResult } from "./axi-lite-master.ts";
export { AxiMemory, type AxiMemoryOptions, type AxiTraffic } from "./axi-memory.ts";
export { busReport } from "./bus-report.ts";
export { type Fault, Response } from "./faults.ts";
export {
  ddrTiming,
  idealTiming,
  type MemoryTiming,
  memoryTimings,
  randomTiming,
  steadyTiming,
} from "./memory-timing.ts";
export { RandomSource } from "./random-source.ts";
