export { type MemoryModel, memoryModels } from "./memory-model.ts";
export { type LayerTiming, type Prediction, predict } from "./predict.ts";
export type { CycleSplit } from "./split.ts";
export { type CommandTiming, type Timeline, timeline } from "./timeline.ts";
