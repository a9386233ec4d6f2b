export { readNetwork } from "./read.ts";
export { type WriteOptions, writeNetwork } from "./write.ts";
