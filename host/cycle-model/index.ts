export { type MemoryModel, memoryModels } from "./memory-model.ts";
export { type LayerTiming, type Prediction, predict } from "./predict.ts";
export type { CycleSplit } from "./split.ts";
export { timeline } from "./timeline.ts";
export type { CommandStream, CommandTiming, Timeline } from "./timing.ts";
