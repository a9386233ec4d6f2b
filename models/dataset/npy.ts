import { pictureError } from "./pictures.ts";

/** An array of NumPy: bytes stay bytes, real numbers become float32. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Uint8Array | Float32Array;
}

const magic = "\x93NUMPY";
const hint = "save it with numpy.save as uint8, float32 or float64, in C order";

/**
 * Decodes a .npy file of uint8, float32 or float64 in C order, little endian
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @param path named in messages
 * @throws VargenError if the file is damaged, cut short, or of another type or order
 */
export function decodeNpy(bytes: Uint8Array, path: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  if (bytes.length < 12 || text(0, 6) !== magic)
    throw pictureError("damaged", path, "it does not begin as a .npy file does", hint);
  const start = bytes[6] === 1 ? 10 : 12;
  const length = bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = text(start, Math.min(start + Math.min(length, 65_536), bytes.length));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? "unknown";
  const shape = /'shape':\s*\(([\d,\s]*)\)/
    .exec(header)?.[1]
    .split(",")
    .flatMap((part) => part.trim() || []);
  if (shape === undefined || /'fortran_order':\s*True/.test(header))
    throw pictureError("format", path, "its header names no shape in C order", hint);
  const extents = shape.map(Number);
  const elements = extents.reduce((product, extent) => product * extent, 1);
  const size = sizes.get(type);
  if (size === undefined) throw pictureError("format", path, `its element type is ${type}`, hint);
  const data = bytes.subarray(start + length);
  if (data.length !== elements * size) {
    const message = `it holds ${data.length} bytes where its shape [${extents}] of ${type} needs ${elements * size}`;
    throw pictureError("damaged", path, message, hint);
  }
  return { shape: extents, values: decoded(data, size) };
}

const sizes: ReadonlyMap<string, 1 | 4 | 8> = new Map([
  ["|u1", 1],
  ["<f4", 4],
  ["<f8", 8],
]);

function decoded(data: Uint8Array, size: 1 | 4 | 8): Uint8Array | Float32Array {
  if (size === 1) return data;
  // A Buffer's own slice would share memory, at any offset.
  const copy = Uint8Array.from(data).buffer;
  return size === 4 ? new Float32Array(copy) : Float32Array.from(new Float64Array(copy));
}
