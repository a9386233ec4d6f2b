export { type BuildOptions, type BuildProgress, buildModel } from "./build.ts";
export { CompiledModel } from "./compiled-model.ts";
export type { Heap } from "./heap.ts";
export { Model, type Snapshot, type TraceSink } from "./model.ts";
export { Port } from "./port.ts";
export type { PortInfo } from "./ports.ts";
export { recordInputs } from "./record.ts";
export { type PortSource, Signals } from "./signals.ts";
export {
  type ModelSpec,
  type Optimization,
  type ParameterValue,
  sourcesFromFiles,
  type VerilogSource,
} from "./spec.ts";
export { openVcdFile, type VcdFile } from "./vcd-file.ts";
export { ModelExit } from "./wasi-host.ts";
