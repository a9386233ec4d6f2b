import { join } from "node:path";
import { type ImageSet, loadImages } from "./images.ts";

const filePrefix = { train: "train", test: "t10k" } as const;

/**
 * All of Fashion-MNIST: 60,000 training or 10,000 test images, 28x28.
 *
 * @param folder of its four idx files (default: where Debian's package dataset-fashion-mnist puts them)
 * @throws VargenError if a file is missing or damaged
 */
export function loadFashion(split: "train" | "test", folder = "/usr/share/datasets/fashion-mnist"): ImageSet {
  const prefix = join(folder, filePrefix[split]);
  return loadImages(`${prefix}-images-idx3-ubyte.gz`, `${prefix}-labels-idx1-ubyte.gz`);
}
