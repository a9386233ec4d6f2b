import { gunzipSync } from "node:zlib";
import { VargenError } from "../errors.ts";

/** An array of bytes in idx format (the format of MNIST). */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major, length the product of the shape. */
  readonly values: Uint8Array;
}

/**
 * Decodes an idx file of unsigned bytes, gzipped or not.
 *
 * @param path named in messages
 * @throws VargenError if the file is damaged, cut short or of another element type
 */
export function decodeIdx(bytes: Uint8Array, path: string): IdxArray {
  const data = unzip(bytes, path);
  const [zero, alsoZero, type, rank] = data;
  if (data.length < 4 || zero !== 0 || alsoZero !== 0) throw damaged(path, "it does not begin as an idx file does");
  if (type !== 8) throw damaged(path, `its element type is ${type}, where 8 (unsigned bytes) is needed`);
  const header = 4 + 4 * rank;
  if (rank < 1 || data.length < header) throw damaged(path, `its header of ${rank} dimensions is not complete`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const length = shape.reduce((product, extent) => product * extent, 1);
  if (data.length !== header + length)
    throw damaged(path, `it holds ${data.length - header} values where its shape [${shape}] needs ${length}`);
  return { shape, values: data.slice(header) };
}

function unzip(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw damaged(path, `it cannot be unzipped: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function damaged(path: string, message: string): VargenError {
  return new VargenError([{ code: "images/damaged", path, message, hint: "use idx files of bytes, gzipped or not" }]);
}
