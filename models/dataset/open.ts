import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FeatureShape } from "../ir/network.ts";
import { idxPictures, npyPictures } from "./arrays.ts";
import { decodeIdx } from "./idx.ts";
import { decodeImage } from "./image-file.ts";
import { decodeNpy } from "./npy.ts";
import { checkShape, type PictureSet, pictureError } from "./pictures.ts";
import { unzipped } from "./zip.ts";

const formats = "an idx file (.gz or not), .npy, .npz, PNG or JPEG, or a folder of such images";

/**
 * Opens images for a network that takes the given shape: an idx file, a NumPy array (.npy; of an .npz the first), a PNG or JPEG, or a folder with .png, .jpg,
 * .jpeg and .npy files, one image each, in it and below, in the order of their paths.
 *
 * @throws VargenError if nothing is there, a folder holds no image, or a file is damaged or does not fit (images in a
 *   folder are read when they are needed)
 */
export function openPictures(path: string, shape: FeatureShape): PictureSet {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw pictureError("unreadable", path, "there is no such file or folder", `give ${formats}`);
  return stats.isDirectory() ? folderPictures(path, shape) : filePictures(path, shape);
}

function folderPictures(folder: string, shape: FeatureShape): PictureSet {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(png|jpe?g|npy)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw pictureError("none", folder, "the folder holds no image", "images are .png, .jpg, .jpeg or .npy files");
  return {
    path: folder,
    count: files.length,
    read: (index) => {
      const file = filePictures(files[index], shape);
      if (file.count === 1) return file.read(0);
      throw pictureError("count", files[index], `it holds ${file.count} images`, "a folder's files hold one each");
    },
  };
}

function filePictures(path: string, shape: FeatureShape): PictureSet {
  const bytes = readFile(path);
  if (/\.npy$/i.test(path)) return npyPictures(decodeNpy(bytes, path), path, shape);
  if (/\.npz$/i.test(path)) {
    const [first] = [...unzipped(bytes, path)].filter(([name]) => name.endsWith(".npy"));
    if (first === undefined) throw pictureError("none", path, "it holds no array", "save one with numpy.savez");
    return npyPictures(decodeNpy(first[1], `${path}: ${first[0]}`), path, shape);
  }
  if (!/\.(png|jpe?g)$/i.test(path)) return idxPictures(decodeIdx(bytes, path), path, shape);
  const picture = decodeImage(bytes, path, shape);
  checkShape(path, picture.shape, shape);
  return { path, count: 1, read: () => picture };
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw pictureError("unreadable", path, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
