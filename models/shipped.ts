import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("data/", import.meta.url);

/** Names of the trained networks that are shipped, such as `vargnet-fashion`: each in float and in int8. */
export function shippedNames(): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => /^(.*)\.float\.onnx$/.exec(file)?.[1] ?? [])
    .filter((name) => existsSync(new URL(`${name}.onnx`, folder)));
}

/** The network that is run where none is named. */
export const defaultShipped = "vargnet-fashion";

/** A shipped network's ONNX file. @param float in float, as trained, instead of in int8 */
export function shippedFile(name: string, float = false): { readonly path: string; readonly bytes: Uint8Array } {
  const path = fileURLToPath(new URL(`${name}${float ? ".float" : ""}.onnx`, folder));
  return { path, bytes: readFileSync(path) };
}

/** Paths of the shipped test images and labels, 1,000 of Fashion-MNIST. */
export const shippedImages = {
  images: fileURLToPath(new URL("fashion-test-1000-images.idx.gz", folder)),
  labels: fileURLToPath(new URL("fashion-test-1000-labels.idx.gz", folder)),
} as const;
