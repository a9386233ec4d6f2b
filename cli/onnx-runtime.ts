import { dequantizeValue } from "../models/arithmetic/index.ts";
import { largestIndex } from "../models/dataset/index.ts";
import { VargenError } from "../models/errors.ts";
import { type Activations, mainOutput, type Quantization, tensorOf } from "../models/ir/network.ts";
import { type ImportedNetwork, writeNetwork } from "../models/onnx/index.ts";
import { whyInexact } from "../models/testing/exactness.ts";
import { type LoadedModel, loadModel, type NamedValue } from "../models/testing/onnxruntime.ts";

/** How outputs compare with ONNX Runtime's, value by value. */
export interface Compared {
  /** Inputs for which the largest output is the same. */
  readonly samePredictions: number;
  readonly comparedValues: number;
  readonly mismatches: number;
}

/** Comparisons with ONNX Runtime, or why there are none. */
export type RuntimeComparison =
  | {
      /** With the network in integer operators: what the hardware has to equal. */
      readonly integer: Compared;
      /**
       * With the file as it is. A QDQ graph may hold operators that ONNX Runtime does not fuse into integer ones: then
       * values may differ by a step. Absent where the file's output is not the network's alone (a Softmax follows).
       */
      readonly file?: Compared;
    }
  | { readonly skipped: string };

/**
 * Runs a network in ONNX Runtime and compares every value of its main output. ONNX Runtime is a development dependency,
 * and not exact on every processor: then the result says so.
 *
 * @param bytes the file that the network was read from
 * @param outputs what was computed elsewhere, one for each input
 * @param onProgress told of inputs done, of twice as many in all
 */
export async function compareWithRuntime(
  imported: ImportedNetwork,
  bytes: Uint8Array,
  inputs: readonly Activations[],
  outputs: readonly Activations[],
  onProgress: (done: number) => void,
): Promise<RuntimeComparison> {
  const skipped = await whySkipped();
  if (skipped !== undefined) return { skipped };
  const { network, input: fileInput } = imported;
  const [fileOutput] = imported.outputs;
  const { shape, quantization, name } = tensorOf(network, network.input);
  const output = tensorOf(network, mainOutput(network));
  const dims = [1, shape.channels, shape.height, shape.width];
  const integers = (data: Activations, as: string): NamedValue => ({
    name: as,
    type: quantization.dtype,
    shape: dims,
    data,
  });
  const integer = await compared(await loadModel(writeNetwork(network)), inputs, outputs, {
    feed: (data) => integers(data, name),
    output: output.name,
    units: undefined,
    onProgress,
  });
  const plain = !fileInput.channelsLast && !fileOutput.channelsLast && fileOutput.host === undefined;
  if (!plain || fileOutput.tensor !== output.name) return { integer };
  const file = await compared(await loadModel(bytes), inputs, outputs, {
    feed: (data) =>
      fileInput.type === "float"
        ? { name: fileInput.name, type: "float32", shape: dims, data: real(data, quantization) }
        : integers(data, fileInput.name),
    output: fileOutput.name,
    units: fileOutput.real ? output.quantization : undefined,
    onProgress: (done) => onProgress(inputs.length + done),
  });
  return { integer, file };
}

interface Runs {
  readonly feed: (input: Activations) => NamedValue;
  readonly output: string;
  /** Where the model's output is real: the quantisation of the values to compare with. */
  readonly units: Quantization | undefined;
  readonly onProgress: (done: number) => void;
}

async function compared(
  run: LoadedModel,
  inputs: readonly Activations[],
  outputs: readonly Activations[],
  { feed, output, units, onProgress }: Runs,
): Promise<Compared> {
  const result = { samePredictions: 0, comparedValues: 0, mismatches: 0 };
  for (const [i, input] of inputs.entries()) {
    const theirs = (await run([feed(input)])).get(output) ?? [];
    const ours = units === undefined ? outputs[i] : real(outputs[i], units);
    if (theirs.length !== ours.length) throw new Error("ONNX Runtime gives an output of another size");
    if (largestIndex(theirs) === largestIndex(ours)) result.samePredictions++;
    result.comparedValues += ours.length;
    for (let k = 0; k < ours.length; k++) if (ours[k] !== theirs[k]) result.mismatches++;
    onProgress(i + 1);
  }
  return result;
}

function real(values: Activations, quantization: Quantization): Float32Array {
  return Float32Array.from(values, (value) => dequantizeValue(value, quantization));
}

async function whySkipped(): Promise<string | undefined> {
  try {
    return await whyInexact();
  } catch (error) {
    if (error instanceof VargenError) return error.problems.map(({ message, hint }) => `${message} (${hint})`).join();
    throw error;
  }
}
