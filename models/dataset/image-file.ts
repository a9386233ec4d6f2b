import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import type { FeatureShape } from "../ir/network.ts";
import { type Picture, pictureError, planes } from "./pictures.ts";

/** Most pixels that an image has. */
const maxPixels = 2 ** 26;

/**
 * Decodes a PNG or JPEG image to as many channels as a network takes: 3 for red, green and blue, 1 for grey images.
 *
 * @param path named in messages; its ending tells the format
 * @throws VargenError if the image is damaged, or coloured where one channel is wanted
 */
export function decodeImage(bytes: Uint8Array, path: string, { channels }: FeatureShape): Picture {
  const { width, height, data } = rgba(bytes, path);
  if (channels !== 1 && channels !== 3)
    throw pictureError("size", path, `images have 1 or 3 channels, the network takes ${channels}`, "use .npy files");
  if (channels === 1)
    for (let i = 0; i < data.length; i += 4)
      if (data[i] !== data[i + 1] || data[i] !== data[i + 2])
        throw pictureError("colour", path, "it is coloured, but the network takes one channel", "convert it to grey");
  const shape = { channels, height, width };
  return { shape, values: planes(data, shape, 4) };
}

function rgba(bytes: Uint8Array, path: string) {
  try {
    if (/\.png$/i.test(path)) {
      const [width, height] = pngExtents(bytes);
      if (width * height > maxPixels) throw new Error(`it has ${width} x ${height} pixels`);
      return PNG.sync.read(Buffer.from(bytes));
    }
    return decodeJpeg(bytes, { useTArray: true, maxMemoryUsageInMB: 1024, maxResolutionInMP: maxPixels / 1e6 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw pictureError("damaged", path, `it cannot be decoded: ${reason}`, "use 8-bit PNG or JPEG images");
  }
}

/** Width and height from the header, before anything is unpacked. */
function pngExtents(bytes: Uint8Array): readonly [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length < 24 ? [0, 0] : [view.getUint32(16), view.getUint32(20)];
}
