import { largestIndex } from "../models/dataset/index.ts";
import { type Activations, mainOutput, type Network, tensorOf } from "../models/ir/network.ts";
import { writeNetwork } from "../models/onnx/index.ts";

/** How outputs compare with ONNX Runtime's integer operators; or why they could not be compared. */
export type RuntimeComparison =
  | {
      /** Inputs for which the largest output is the same. */
      readonly samePredictions: number;
      readonly comparedValues: number;
      readonly mismatches: number;
    }
  | { readonly skipped: string };

/**
 * Runs a network in ONNX Runtime and compares every value of its main output.
 *
 * It is no dependency of vargen's, and not exact on every processor: then the result says so.
 *
 * @param outputs what was computed elsewhere, one for each input
 */
export async function compareWithRuntime(
  network: Network,
  inputs: readonly Activations[],
  outputs: readonly Activations[],
  onProgress: (done: number) => void,
): Promise<RuntimeComparison> {
  const runtime = await loadRuntime();
  if (runtime.skipped !== undefined) return { skipped: runtime.skipped };
  const run = await runtime.loadModel(writeNetwork(network));
  const { shape, quantization } = tensorOf(network, network.input);
  const dims = [1, shape.channels, shape.height, shape.width];
  let [samePredictions, comparedValues, mismatches] = [0, 0, 0];
  for (const [i, data] of inputs.entries()) {
    const results = await run([{ name: network.input, type: quantization.dtype, shape: dims, data }]);
    const theirs = results.get(mainOutput(network)) ?? [];
    const ours = outputs[i];
    if (theirs.length !== ours.length) throw new Error("ONNX Runtime gives an output of another size");
    if (largestIndex(theirs) === largestIndex(ours)) samePredictions++;
    comparedValues += ours.length;
    for (let k = 0; k < ours.length; k++) if (ours[k] !== theirs[k]) mismatches++;
    onProgress(i + 1);
  }
  return { samePredictions, comparedValues, mismatches };
}

async function loadRuntime() {
  try {
    const { loadModel } = await import("../models/testing/onnxruntime.ts");
    const { whyInexact } = await import("../models/testing/exactness.ts");
    const reason = await whyInexact();
    return reason === undefined ? { loadModel } : { skipped: reason };
  } catch {
    return { skipped: "onnxruntime-node is not installed (npm install --no-save onnxruntime-node)" };
  }
}
