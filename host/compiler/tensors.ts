import { VargenError } from "../../models/errors.ts";
import { hasType } from "../../models/ir/activations.ts";
import type { Activations, TensorInfo } from "../../models/ir/network.ts";
import { elementCount, formatShape } from "../../models/ir/shape.ts";
import { Geometry } from "./geometry.ts";
import { type DramView, packFeatures, unpackFeatures } from "./image/features.ts";
import { packTaps, unpackTaps } from "./image/taps.ts";
import type { InputPacking } from "./lower/pack-input.ts";
import type { Program, StoragePlace, TensorPlace } from "./program.ts";

/** Bytes to be written to the memory window. */
export interface PlacedBytes {
  /** From the start of the window. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * The network's input as the accelerator reads it: lines [row][channel group] of words of G int8 channels. Where the program
 * wants it packed (`packing` of its place) the channels are the taps of each output pixel (`packTaps`).
 *
 * @param values NCHW, of the input's type
 * @throws VargenError if their number or type is not the input's
 */
export function packInput(program: Program, values: Activations): PlacedBytes {
  const { tensor, dram, packing } = storedTensor(program, program.network.input);
  const { shape, quantization } = tensor;
  if (values.length !== elementCount(shape) || !hasType(values, quantization.dtype)) {
    const given = `${values.length} values of type ${values instanceof Int8Array ? "int8" : "uint8"}`;
    const message = `${given} given, ${formatShape(shape)} ${quantization.dtype} expected`;
    throw new VargenError([{ code: "program/input", path: tensor.name, message }]);
  }
  const stored = packing === undefined ? values : packTaps(tensor, packing, values);
  return {
    offset: dram.offset,
    bytes: packFeatures(new Geometry(program.config), storedAs(tensor, dram, packing), stored),
  };
}

/**
 * A tensor's values (NCHW) from its bytes in the memory window; of a packed input, pixels that no tap reads are the zero point.
 *
 * @param bytes the `dram.bytes` bytes from `dram.offset` on of its place in `program.tensors`
 */
export function unpackTensor(program: Program, name: string, bytes: Uint8Array): Activations {
  const { tensor, dram, packing } = storedTensor(program, name);
  const values = unpackFeatures(new Geometry(program.config), storedAs(tensor, dram, packing), bytes);
  return packing === undefined ? values : unpackTaps(tensor, packing, values);
}

/** A tensor as its storage holds it. */
function storedAs(tensor: TensorInfo, dram: StoragePlace, packing: InputPacking | undefined): DramView {
  return { ...dram, tensor: packing === undefined ? tensor : { ...tensor, shape: packing.shape } };
}

/**
 * The place of a tensor that a run leaves in DRAM.
 * @throws VargenError if it does not, saying why
 */
export function storedTensor(
  program: Program,
  name: string,
): TensorPlace & { readonly dram: NonNullable<TensorPlace["dram"]> } {
  const place = program.tensors.get(name);
  if (place?.dram !== undefined) return { ...place, dram: place.dram };
  const why = place?.fusedInto === undefined ? "is not stored in DRAM" : `is fused into ${place.fusedInto}`;
  const message = place === undefined ? "no such tensor" : `the tensor ${why}`;
  const hint = "name it in dumpTensors when compiling";
  throw new VargenError([{ code: "program/tensor", path: name, message, hint }]);
}

/** Tensors made by a run that can be read back, in the order of the layers. */
export function readableTensors(program: Program): readonly string[] {
  const made = program.network.layers.map(({ output }) => output);
  return made.filter((name) => program.tensors.get(name)?.dram !== undefined);
}
