export { readFloatNetwork } from "./float/read.ts";
export { readNetwork } from "./quantized/read.ts";
export { type WriteOptions, writeNetwork } from "./write.ts";
