import { addTable, effectiveScale, leadingOperand } from "../arithmetic/index.ts";
import {
  type AddLayer,
  type ConvLayer,
  type GemmLayer,
  type Network,
  type Quantization,
  tensorOf,
} from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { fitsPairs, packWeights } from "./kernel.ts";

/** Weights of one group, laid out for the kernel. */
export interface PreparedGroup {
  readonly packed: Float64Array;
  readonly paired: boolean;
}

/** What a convolution or fully connected layer needs besides its activations. */
export interface PreparedWeights {
  readonly groups: readonly PreparedGroup[];
  /** Effective scale of each output channel. */
  readonly scales: Float32Array;
}

const weightCache = new WeakMap<ConvLayer | GemmLayer, { readonly key: string; readonly value: PreparedWeights }>();
const tableCache = new WeakMap<AddLayer, { readonly key: string; readonly value: Uint8Array }>();

/** Packed weights and scales of a layer; made once per layer and pair of quantisations. */
export function preparedWeights(
  layer: ConvLayer | GemmLayer,
  input: Quantization,
  output: Quantization,
): PreparedWeights {
  const key = `${input.scale} ${output.scale}`;
  const cached = weightCache.get(layer);
  if (cached?.key === key) return cached.value;
  const groupCount = layer.kind === "conv" ? layer.groups : 1;
  const channels = layer.bias.length / groupCount;
  const depth = layer.weights.length / layer.bias.length;
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const start = group * channels * depth;
    const paired = channels > 1 && fitsPairs(largestMagnitude(layer.weights, start, channels, depth));
    return { packed: packWeights(layer.weights, start, channels, depth, paired), paired };
  });
  const scales = layer.weightScales.map((scale) => effectiveScale(input.scale, scale, output.scale));
  const value = { groups, scales };
  weightCache.set(layer, { key, value });
  return value;
}

/** The result table of an addition and the operand that leads in it; made once per layer and quantisation. */
export function preparedTable(network: Network, layer: AddLayer): { readonly table: Uint8Array; readonly lead: 0 | 1 } {
  const output = tensorOf(network, layer.output);
  const lead = leadingOperand(elementCount(output.shape));
  const a = tensorOf(network, layer.inputs[lead]).quantization;
  const b = tensorOf(network, layer.inputs[lead === 0 ? 1 : 0]).quantization;
  const key = [a, b, output.quantization].map((q) => `${q.dtype} ${q.scale} ${q.zeroPoint}`).join(" ");
  const cached = tableCache.get(layer);
  if (cached?.key === key) return { table: cached.value, lead };
  const table = addTable(a, b, output.quantization);
  tableCache.set(layer, { key, value: table });
  return { table, lead };
}

function largestMagnitude(weights: Int8Array, start: number, channels: number, depth: number): number {
  let largest = 0;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += Math.abs(weights[start + c * depth + k]);
    largest = Math.max(largest, sum);
  }
  return largest;
}
