import type { FeatureShape } from "../ir/network.ts";
import { elementCount, formatShape } from "../ir/shape.ts";
import type { IdxArray } from "./idx.ts";
import type { NpyArray } from "./npy.ts";
import { checkShape, type PictureSet, pictureError, planes } from "./pictures.ts";

/** Images of an idx file: [count][height][width], one channel. @throws VargenError for other dimensions */
export function idxPictures({ shape, values }: IdxArray, path: string, wanted: FeatureShape): PictureSet {
  if (shape.length !== 3) throw pictureError("shape", path, `it has ${shape.length} dimensions where images have 3`);
  const [count, height, width] = shape;
  const size = height * width;
  const extents = { channels: 1, height, width };
  checkShape(path, extents, wanted);
  return { path, count, read: (i) => ({ shape: extents, values: values.subarray(i * size, (i + 1) * size) }) };
}

/**
 * Images of a NumPy array: real numbers as [count][channels][height][width], bytes as [count][height][width][channels];
 * the other order where only that fits the network; without count for a single image, without channels for grey ones.
 *
 * @throws VargenError if no reading of its shape fits the network
 */
export function npyPictures({ shape, values }: NpyArray, path: string, wanted: FeatureShape): PictureSet {
  const bytes = values instanceof Uint8Array;
  const single = layoutOf(shape, wanted, bytes);
  const layout = single ?? layoutOf(shape.slice(1), wanted, bytes);
  if (layout === undefined) {
    const message = `its shape is [${shape}], but the network takes ${formatShape(wanted)} (channels x height x width)`;
    throw pictureError("size", path, message, "give [count, channels, height, width]; uint8 may have channels last");
  }
  const size = elementCount(wanted);
  return {
    path,
    count: single === undefined ? shape[0] : 1,
    read: (i) => {
      const part = values.subarray(i * size, (i + 1) * size);
      return { shape: wanted, values: layout === "last" ? separated(part, wanted) : part };
    },
  };
}

function layoutOf(extents: readonly number[], wanted: FeatureShape, bytes: boolean): "first" | "last" | undefined {
  const { channels, height, width } = wanted;
  const is = (...expected: number[]): boolean =>
    expected.length === extents.length && expected.every((extent, i) => extent === extents[i]);
  const first = is(channels, height, width) || (channels === 1 && is(height, width));
  const last = is(height, width, channels);
  if (first && last) return bytes ? "last" : "first";
  if (first) return "first";
  return last ? "last" : undefined;
}

function separated(values: Uint8Array | Float32Array, shape: FeatureShape): Uint8Array | Float32Array {
  if (values instanceof Uint8Array) return planes(values, shape);
  const { channels } = shape;
  const area = shape.height * shape.width;
  return values.map((_, i) => values[(i % area) * channels + Math.floor(i / area)]);
}
