export { loadFashion } from "./fashion.ts";
export { decodeIdx, type IdxArray } from "./idx.ts";
export { type ImageSet, loadImages } from "./images.ts";
export { floatInput, largestIndex, quantizedInput } from "./input.ts";
