import type { Geometry } from "../geometry.ts";

/** Channel groups of a storage that one operation writes, or that the network's input fills. */
export interface Part {
  /** The tensor that fills it. */
  readonly tensor: string;
  /** Physical channels in use, from its first one to its last. */
  readonly channels: number;
  /** Its first channel group in the storage, a multiple of the words that a block writes. */
  readonly firstGroup: number;
  /** Channel groups in DRAM: those in use. */
  readonly groups: number;
  /** Channel groups on chip: those that whole blocks write. */
  readonly chipGroups: number;
}

/** A map of pixels in which one or more tensors lie (docs/COMPILER.md). */
export interface Storage {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Words of a line in each bank. */
  readonly pitch: number;
  /** Channel groups on chip, of all parts. */
  readonly groups: number;
  /** In order; each begins where the one before ends. */
  readonly parts: readonly Part[];
}

/** Where a tensor lies. */
export interface TensorView {
  readonly tensor: string;
  readonly storage: Storage;
  /** Physical channel (channel group * G + lane) of each of its channels; several may share one. */
  readonly channels: Int32Array;
}

/** Words per bank of a whole storage on chip. */
export function storageWords({ height, groups, pitch }: Storage): number {
  return height * groups * pitch;
}

/**
 * Words of a line in each bank where some of a storage's columns are on chip.
 * @param columns their number; as computed, if the drain makes `scale` of each
 */
export function windowPitch(geometry: Geometry, { width, pitch }: Storage, columns: number, scale = 1): number {
  return columns * scale >= width ? pitch : scale * geometry.lineWords(columns);
}

/** Bytes of a part in DRAM. */
export function partBytes(geometry: Geometry, { height, width }: Storage, { groups }: Part): number {
  return height * groups * geometry.lineBytes(width);
}

/** Parts that hold channels of a view. */
export function partsOf(geometry: Geometry, { storage, channels }: TensorView): readonly Part[] {
  const used = new Set(Array.from(channels, (channel) => Math.floor(channel / geometry.lanes)));
  return storage.parts.filter(({ firstGroup, chipGroups }) =>
    [...used].some((group) => group >= firstGroup && group < firstGroup + chipGroups),
  );
}
