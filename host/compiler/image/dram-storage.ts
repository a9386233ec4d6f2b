import type { Geometry } from "../geometry.ts";
import { partBytes, type Storage } from "../layout/storage.ts";
import { ALIGNMENT, type ImageBuilder } from "./builder.ts";

/** A storage with a place in DRAM: its parts one after another, each lines [row][channel group of the part]. */
export interface DramStorage {
  readonly storage: Storage;
  /** Byte offset in the window of the first part. */
  readonly offset: number;
  /** Byte offset in the window of each part. */
  readonly partOffsets: readonly number[];
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Bytes of a storage in DRAM, without what aligns the next. */
export function storageBytes(geometry: Geometry, storage: Storage): number {
  return storage.parts.reduce((end, part) => aligned(end) + partBytes(geometry, storage, part), 0);
}

/** Reserves a place in DRAM for a storage. */
export function reserveStorage(geometry: Geometry, image: ImageBuilder, storage: Storage): DramStorage {
  const partOffsets = storage.parts.map((part) => image.reserve(partBytes(geometry, storage, part)));
  return { storage, offset: partOffsets[0], partOffsets };
}
