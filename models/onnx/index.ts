export { readFloatNetwork } from "./float/read.ts";
export { countPlaces, type NodeCoverage, type Place } from "./import/coverage.ts";
export { type ImportedNetwork, importNetwork, readNetwork } from "./import/read.ts";
export { type QuantizedForm, type WriteOptions, writeNetwork } from "./write.ts";
export { writeFloatNetwork } from "./write-float.ts";
