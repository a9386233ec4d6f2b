import { newActivations } from "../../../models/ir/activations.ts";
import type { Activations, TensorInfo } from "../../../models/ir/network.ts";
import { elementCount } from "../../../models/ir/shape.ts";
import type { Geometry } from "../geometry.ts";
import { type DramStorage, storageBytes } from "./dram-storage.ts";

const INT8_FRAME = 0x80;

/** Where a tensor lies in DRAM. */
export interface DramView extends DramStorage {
  readonly tensor: TensorInfo;
  /** As a view's. */
  readonly channels: Int32Array;
}

/** Calls `visit` with the NCHW index of every value and its byte offset from the start of its storage in DRAM. */
function forEachByte(geometry: Geometry, view: DramView, visit: (index: number, offset: number) => void): void {
  const { lanes } = geometry;
  const { storage, partOffsets, offset: start, channels } = view;
  const { height, width, parts } = storage;
  const lineBytes = geometry.lineBytes(width);
  channels.forEach((physical, channel) => {
    const group = Math.floor(physical / lanes);
    const index = parts.findIndex(({ firstGroup, chipGroups }) => group < firstGroup + chipGroups);
    const part = parts[index];
    const base = partOffsets[index] - start + (physical - group * lanes);
    for (let row = 0; row < height; row++) {
      const line = base + (row * part.groups + group - part.firstGroup) * lineBytes;
      const first = (channel * height + row) * width;
      for (let column = 0; column < width; column++) visit(first + column, line + column * lanes);
    }
  });
}

/** A tensor's values (NCHW) as the bytes of its storage; uint8 moves to the int8 frame. */
export function packFeatures(geometry: Geometry, view: DramView, values: Activations): Uint8Array {
  const bytes = new Uint8Array(storageBytes(geometry, view.storage));
  const flip = view.tensor.quantization.dtype === "uint8" ? INT8_FRAME : 0;
  forEachByte(geometry, view, (index, offset) => {
    bytes[offset] = values[index] ^ flip;
  });
  return bytes;
}

/** Values (NCHW) of a tensor, from the bytes of its storage. */
export function unpackFeatures(geometry: Geometry, view: DramView, bytes: Uint8Array): Activations {
  const { shape, quantization } = view.tensor;
  const values = newActivations(quantization.dtype, elementCount(shape));
  const flip = quantization.dtype === "uint8" ? INT8_FRAME : 0;
  forEachByte(geometry, view, (index, offset) => {
    values[index] = bytes[offset] ^ flip;
  });
  return values;
}
