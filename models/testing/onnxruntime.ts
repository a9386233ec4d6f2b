import type { Tensor as OrtTensor, InferenceSession as Session } from "onnxruntime-node";
import { VargenError } from "../errors.ts";
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

/** Options of {@link loadModel}. */
export interface LoadOptions {
  /** Whether graph optimisations run (default true); the integer operators give the same either way. */
  readonly optimize?: boolean;
  /** Where to write the graph as it is after optimisation. */
  readonly optimizedPath?: string;
}

/**
 * Loads an ONNX model into ONNX Runtime's CPU provider.
 *
 * @throws VargenError if ONNX Runtime, a development dependency, is not installed
 * @throws Error of ONNX Runtime for a model that it does not take
 */
export async function loadModel(
  model: Uint8Array,
  { optimize = true, optimizedPath }: LoadOptions = {},
): Promise<LoadedModel> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session: Session = await InferenceSession.create(model, {
    graphOptimizationLevel: optimize ? "all" : "disabled",
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    ...(optimizedPath === undefined ? {} : { optimizedModelFilePath: optimizedPath }),
  });
  return async (inputs) => {
    const feeds = Object.fromEntries(inputs.map((v) => [v.name, new Tensor(v.type, v.data, [...v.shape])]));
    const results = await session.run(feeds);
    const outputs = new Map<string, Activations | Float32Array>();
    for (const [name, tensor] of Object.entries(results)) outputs.set(name, dataOf(name, tensor));
    return outputs;
  };
}

function dataOf(name: string, { data, type }: OrtTensor): Activations | Float32Array {
  if (data instanceof Int8Array || data instanceof Uint8Array || data instanceof Float32Array) return data;
  throw new Error(`output ${name} has type ${type}`);
}

/** The package, which only an installation for development has. */
async function onnxRuntime() {
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    const message = `cannot be loaded: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
    const hint = "install the development dependencies: npm ci, or node scripts/setup.mjs --test";
    throw new VargenError([{ code: "onnxruntime/missing", path: "onnxruntime-node", message, hint }]);
  }
}
