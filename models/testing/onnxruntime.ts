import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Activations, ActivationType } from "../ir/network.ts";

/** A tensor handed to or received from ONNX Runtime. */
export interface NamedValue {
  readonly name: string;
  readonly type: ActivationType | "float32";
  readonly shape: readonly number[];
  readonly data: Activations | Float32Array;
}

/** A loaded model; each call runs it once, on one thread, and gives its outputs by name. */
export type LoadedModel = (inputs: readonly NamedValue[]) => Promise<ReadonlyMap<string, Activations | Float32Array>>;

/**
 * Loads an ONNX model into ONNX Runtime's CPU provider (tests only: it is a development dependency).
 *
 * @param optimize whether its graph optimisations run; the integer operators give the same either way
 */
export async function loadModel(model: Uint8Array, optimize = true): Promise<LoadedModel> {
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: optimize ? "all" : "disabled",
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return async (inputs) => {
    const feeds = Object.fromEntries(inputs.map((v) => [v.name, new Tensor(v.type, v.data, [...v.shape])]));
    const results = await session.run(feeds);
    const outputs = new Map<string, Activations | Float32Array>();
    for (const [name, tensor] of Object.entries(results)) {
      const { data } = tensor;
      if (!(data instanceof Int8Array || data instanceof Uint8Array || data instanceof Float32Array))
        throw new Error(`output ${name} has type ${tensor.type}`);
      outputs.set(name, data);
    }
    return outputs;
  };
}
