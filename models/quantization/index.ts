export { hardwareLimitProblems } from "./limits.ts";
export { type QuantizationOptions, quantizeNetwork } from "./quantize.ts";
export type { Calibration } from "./ranges.ts";
