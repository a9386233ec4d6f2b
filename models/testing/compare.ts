import type { Activations, Network } from "../ir/network.ts";
import { tensorOf } from "../ir/network.ts";
import { writeNetwork } from "../onnx/index.ts";
import { runReference } from "../reference/index.ts";
import { loadModel } from "./onnxruntime.ts";

/** Result of comparing values one by one. */
export interface Comparison {
  readonly compared: number;
  readonly mismatches: number;
  /** `tensor[index]: ours / theirs` of the first mismatch. */
  readonly first: string | undefined;
}

/** Runs a network on inputs in ONNX Runtime and in the reference, and compares every tensor that a layer makes. */
export async function compareWithOnnxRuntime(
  network: Network,
  inputs: readonly Activations[],
  optimize = true,
): Promise<Comparison> {
  const model = await loadModel(writeNetwork(network, { intermediates: true }), { optimize });
  const { shape, quantization } = tensorOf(network, network.input);
  const dims = [1, shape.channels, shape.height, shape.width];
  let [compared, mismatches, first] = [0, 0, undefined as string | undefined];
  for (const data of inputs) {
    const theirs = await model([{ name: network.input, type: quantization.dtype, shape: dims, data }]);
    const ours = runReference(network, data);
    for (const { output } of network.layers) {
      const [a, b] = [ours.get(output), theirs.get(output)];
      if (a === undefined || b === undefined || a.length !== b.length) throw new Error(`'${output}' is missing`);
      for (let i = 0; i < a.length; i++) {
        compared++;
        if (a[i] === b[i]) continue;
        mismatches++;
        first ??= `${output}[${i}]: ${a[i]} / ${b[i]}`;
      }
    }
  }
  return { compared, mismatches, first };
}
