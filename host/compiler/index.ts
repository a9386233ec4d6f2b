export { type CompileOptions, compile } from "./compile.ts";
export { extractLayers } from "./extract.ts";
export { Geometry } from "./geometry.ts";
export type { MemorySegment } from "./image/builder.ts";
export { unmappedLayers } from "./lower/mapped.ts";
export { commandLabel, type OperationInfo, type Program, type ProgramStatistics, type TensorPlace } from "./program.ts";
export { issueCycles, tileMinimum, transferBytes } from "./statistics.ts";
export { type PlacedBytes, packInput, readableTensors, storedTensor, unpackTensor } from "./tensors.ts";
