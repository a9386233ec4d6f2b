import { dequantizeValue } from "../arithmetic/index.ts";
import { type FloatNetwork, type GraphNode, runFloat } from "../graph/index.ts";
import { type Activations, type Layer, type Network, type Quantization, tensorOf } from "../ir/network.ts";
import { runReference } from "../reference/index.ts";
import { quantizeTensor } from "./tensor.ts";

/** What quantisation did to one layer. Signal to noise ratios (SQNR) are in dB: infinite where nothing is lost. */
export interface LayerError {
  readonly name: string;
  readonly kind: GraphNode["kind"];
  /** Of the layer's output against the float network's, with the errors of all layers before it. */
  readonly outputSqnr: number;
  /** Of the layer's weights, where it has any. */
  readonly weightSqnr: number | undefined;
  /** Least and largest value of the float output. */
  readonly min: number;
  readonly max: number;
  readonly quantization: Quantization;
  /** Share of output values at the ends of the type's range, where they may have been cut off. */
  readonly saturated: number;
}

interface Sums {
  signal: number;
  noise: number;
  min: number;
  max: number;
  values: number;
  ends: number;
}

/**
 * Compares a quantised network with its float original, layer by layer.
 *
 * @param network the float network that `quantized` was made of by `quantizeNetwork`
 * @param images inputs in real units, NCHW with batch 1
 * @returns one entry a node, in the graph's order
 */
export function measureErrors(
  network: FloatNetwork,
  quantized: Network,
  images: readonly Float32Array[],
  onProgress: (done: number) => void = () => {},
): readonly LayerError[] {
  const sums = new Map<string, Sums>();
  const input = tensorOf(quantized, quantized.input).quantization;
  images.forEach((image, i) => {
    const real = runFloat(network, image);
    const integers = runReference(quantized, quantizeTensor(image, input));
    for (const { name } of network.graph.nodes) {
      const sum = sums.get(name) ?? { signal: 0, noise: 0, min: Infinity, max: -Infinity, values: 0, ends: 0 };
      const [a, b] = [real.get(name), integers.get(name)];
      if (a === undefined || b === undefined) throw new Error(`the quantised network makes no '${name}'`);
      addErrors(sum, a, b, tensorOf(quantized, name).quantization);
      sums.set(name, sum);
    }
    onProgress(i + 1);
  });
  const layers = new Map(quantized.layers.map((layer) => [layer.name, layer]));
  return network.graph.nodes.map(({ name, kind }) => {
    const { signal, noise, min, max, values, ends } = sums.get(name) ?? nothing;
    return {
      name,
      kind,
      outputSqnr: decibels(signal, noise),
      weightSqnr: weightSqnr(network, layers.get(name)),
      min,
      max,
      quantization: tensorOf(quantized, name).quantization,
      saturated: values === 0 ? 0 : ends / values,
    };
  });
}

const nothing: Sums = { signal: 0, noise: 0, min: 0, max: 0, values: 0, ends: 0 };

function addErrors(sum: Sums, real: Float32Array, integers: Activations, quantization: Quantization): void {
  const [lo, hi] = quantization.dtype === "int8" ? [-128, 127] : [0, 255];
  // The zero point is where a ReLU cuts off: nothing is lost there.
  const cut = (q: number): boolean => (q === lo || q === hi) && q !== quantization.zeroPoint;
  for (let i = 0; i < real.length; i++) {
    const value = real[i];
    sum.signal += value * value;
    sum.noise += (value - dequantizeValue(integers[i], quantization)) ** 2;
    if (value < sum.min) sum.min = value;
    if (value > sum.max) sum.max = value;
    if (cut(integers[i])) sum.ends++;
  }
  sum.values += real.length;
}

function weightSqnr({ parameters }: FloatNetwork, layer: Layer | undefined): number | undefined {
  const real = layer === undefined ? undefined : parameters.get(layer.name)?.weights;
  if (real === undefined || (layer?.kind !== "conv" && layer?.kind !== "gemm")) return undefined;
  const { weights, weightScales } = layer;
  const depth = weights.length / weightScales.length;
  let [signal, noise] = [0, 0];
  real.forEach((weight, i) => {
    signal += weight * weight;
    noise += (weight - weights[i] * weightScales[Math.floor(i / depth)]) ** 2;
  });
  return decibels(signal, noise);
}

function decibels(signal: number, noise: number): number {
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}
