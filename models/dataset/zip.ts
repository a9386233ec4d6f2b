import { inflateRawSync } from "node:zlib";
import { pictureError } from "./pictures.ts";

/** Largest size that an entry unpacks to. */
const maxBytes = 2 ** 31;

/**
 * The files in a zip archive (as numpy.savez writes it: stored or deflated, no encryption, below 4 GiB).
 *
 * @param path named in messages
 * @throws VargenError if the archive is damaged
 */
export function unzipped(bytes: Uint8Array, path: string): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  try {
    const end = endOfDirectory(view);
    let entry = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(entry, true) !== 0x02014b50) throw new Error("its directory is broken");
      const [method, packed] = [view.getUint16(entry + 10, true), view.getUint32(entry + 20, true)];
      const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(entry + offset, true));
      const name = new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + nameLength));
      const local = view.getUint32(entry + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const data = bytes.subarray(start, start + packed);
      if (method !== 0 && method !== 8) throw new Error(`'${name}' is packed by method ${method}`);
      files.set(name, method === 0 ? data : inflateRawSync(data, { maxOutputLength: maxBytes }));
      entry += 46 + nameLength + extra + comment;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw pictureError("damaged", path, `it cannot be unzipped: ${reason}`, "save it with numpy.savez");
  }
  return files;
}

/** Where the record lies that tells where the directory is: at the end, before a comment. */
function endOfDirectory(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw new Error("it has no directory");
}
