export { type LayerError, measureErrors } from "./errors.ts";
export { hardwareLimitProblems } from "./limits.ts";
export { type QuantizationOptions, quantizeNetwork } from "./quantize.ts";
export type { Calibration } from "./ranges.ts";
export { quantizeTensor } from "./tensor.ts";
