import { join } from "node:path";
import { type ImageSet, loadImages } from "./images.ts";

const filePrefix = { train: "train", test: "t10k" } as const;

/** Where Debian's package dataset-fashion-mnist puts its four idx files. */
const folder = "/usr/share/datasets/fashion-mnist";

/**
 * All of Fashion-MNIST: 60,000 training or 10,000 test images, 28x28.
 * @throws VargenError if a file is missing or damaged
 */
export function loadFashion(split: "train" | "test"): ImageSet {
  const prefix = join(folder, filePrefix[split]);
  return loadImages(`${prefix}-images-idx3-ubyte.gz`, `${prefix}-labels-idx1-ubyte.gz`);
}
