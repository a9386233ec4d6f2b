import { newActivations } from "../../../models/ir/activations.ts";
import type { Activations, FeatureShape, TensorInfo } from "../../../models/ir/network.ts";
import { elementCount } from "../../../models/ir/shape.ts";
import type { Geometry } from "../geometry.ts";

const INT8_FRAME = 0x80;

/** Calls `visit` with the NCHW index of every value and its byte offset in DRAM lines [row][channel group]. */
function forEachByte(
  geometry: Geometry,
  { channels, height, width }: FeatureShape,
  visit: (index: number, offset: number) => void,
): void {
  const { lanes } = geometry;
  const lineBytes = geometry.lineBytes(width);
  const groups = geometry.channelGroups(channels);
  for (let channel = 0; channel < channels; channel++) {
    const group = Math.floor(channel / lanes);
    const lane = channel - group * lanes;
    for (let row = 0; row < height; row++) {
      const line = (row * groups + group) * lineBytes + lane;
      const index = (channel * height + row) * width;
      for (let column = 0; column < width; column++) visit(index + column, line + column * lanes);
    }
  }
}

/** A tensor's values (NCHW) as DRAM lines; uint8 moves to the int8 frame. */
export function packFeatures(geometry: Geometry, tensor: TensorInfo, values: Activations): Uint8Array {
  const bytes = new Uint8Array(geometry.tensorBytes(tensor.shape));
  const flip = tensor.quantization.dtype === "uint8" ? INT8_FRAME : 0;
  forEachByte(geometry, tensor.shape, (index, offset) => {
    bytes[offset] = values[index] ^ flip;
  });
  return bytes;
}

/** Values (NCHW) of a tensor that lies as DRAM lines at the start of `bytes`. */
export function unpackFeatures(geometry: Geometry, tensor: TensorInfo, bytes: Uint8Array): Activations {
  const values = newActivations(tensor.quantization.dtype, elementCount(tensor.shape));
  const flip = tensor.quantization.dtype === "uint8" ? INT8_FRAME : 0;
  forEachByte(geometry, tensor.shape, (index, offset) => {
    values[index] = bytes[offset] ^ flip;
  });
  return values;
}
