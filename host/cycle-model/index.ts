export { type EstimatedRun, estimateRun } from "./estimate/run.ts";
export { timeline } from "./exact/timeline.ts";
export { type MemoryModel, memoryModels } from "./memory-model.ts";
export { type ExactPrediction, estimate, type LayerTiming, type Prediction, predict } from "./predict.ts";
export type { CommandStream, CommandTiming, CycleSplit, IdleSpan, LoadWaits, Timeline } from "./timing.ts";
