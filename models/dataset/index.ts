export { loadFashion } from "./fashion.ts";
export { decodeIdx, type IdxArray } from "./idx.ts";
export { type ImageSet, loadImages } from "./images.ts";
export { floatInput, largestIndex, quantizedInput } from "./input.ts";
export { openPictures } from "./open.ts";
export { type Picture, type PictureSet, type Preprocessing, preprocess } from "./pictures.ts";
