import fc from "fast-check";
import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import { NetworkBuilder } from "../ir/builder.ts";
import type { Activations, ActivationType, ConvLayer, Network, Quantization } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { Random } from "../random/random.ts";

/** A network of one layer and an input for it. */
export interface LayerCase {
  readonly network: Network;
  readonly input: Activations;
}

/** Parameters of a random convolution case; all values follow from them and the seed. */
export interface ConvCase {
  readonly dtype: ActivationType;
  readonly groups: number;
  readonly inputsPerGroup: number;
  readonly outputsPerGroup: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: ConvLayer["kernel"];
  readonly stride: ConvLayer["stride"];
  readonly padding: ConvLayer["padding"];
  /** Whether every weight is -128 or 127 and every activation at a bound. */
  readonly extreme: boolean;
  /** Whether scales are powers of two, which makes many outputs fall halfway between integers. */
  readonly ties: boolean;
  readonly seed: number;
}

/** Random convolutions: grouped, pointwise, dense, strided, oddly padded; shrinks towards small ones. */
export const convCases: fc.Arbitrary<ConvCase> = fc
  .record({
    dtype: fc.constantFrom<ActivationType>("uint8", "int8"),
    groups: fc.integer({ min: 1, max: 5 }),
    inputsPerGroup: fc.integer({ min: 1, max: 9 }),
    outputsPerGroup: fc.integer({ min: 1, max: 18 }),
    height: fc.integer({ min: 1, max: 12 }),
    width: fc.integer({ min: 1, max: 12 }),
    kernel: fc.record({ height: fc.integer({ min: 1, max: 4 }), width: fc.integer({ min: 1, max: 4 }) }),
    stride: fc.record({ y: fc.integer({ min: 1, max: 3 }), x: fc.integer({ min: 1, max: 3 }) }),
    padding: fc.record({
      top: fc.integer({ min: 0, max: 2 }),
      left: fc.integer({ min: 0, max: 2 }),
      bottom: fc.integer({ min: 0, max: 2 }),
      right: fc.integer({ min: 0, max: 2 }),
    }),
    extreme: fc.boolean(),
    ties: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  })
  .filter(
    ({ height, width, kernel, padding }) =>
      height + padding.top + padding.bottom >= kernel.height && width + padding.left + padding.right >= kernel.width,
  );

/** The network and input of a convolution case; its scales make the outputs spread over the range and beyond. */
export function convNetwork(parameters: ConvCase): LayerCase {
  const { dtype, groups, inputsPerGroup, outputsPerGroup, kernel, stride, padding, extreme } = parameters;
  const random = new Random(parameters.seed);
  const shape = { channels: groups * inputsPerGroup, height: parameters.height, width: parameters.width };
  const outputs = groups * outputsPerGroup;
  const depth = inputsPerGroup * kernel.height * kernel.width;
  const x = randomQuantization(random, dtype, parameters.ties);
  const y = randomQuantization(random, dtype, parameters.ties);
  const builder = new NetworkBuilder("conv", { name: "x", shape, quantization: x });
  const spread = (127 * Math.sqrt(depth) * 74) / 60;
  builder.add(
    {
      kind: "conv",
      name: "conv",
      input: "x",
      output: "y",
      groups,
      kernel,
      stride,
      padding,
      weights: randomWeights(random, outputs * depth, extreme),
      weightScales: new Float32Array(outputs).map(() => {
        const scale = (y.scale / x.scale / spread) * random.scale(0.5, 2);
        return parameters.ties ? powerOfTwo(scale) : scale;
      }),
      bias: new Int32Array(outputs).map(() => random.integer(-3000, 3000)),
    },
    y,
  );
  return { network: builder.build(), input: randomActivations(random, dtype, elementCount(shape), extreme) };
}

/** A random float32 scale (a power of two, if wanted) and zero point, the latter often at the type's minimum. */
export function randomQuantization(random: Random, dtype: ActivationType, ties = false): Quantization {
  const { lo, hi } = rangeOf(dtype);
  const zeroPoint = random.real() < 0.3 ? lo : random.integer(lo, hi);
  const scale = random.scale(2 ** -8, 1);
  return { dtype, scale: ties ? powerOfTwo(scale) : scale, zeroPoint };
}

/** Uniform weights in [-128, 127], or only the two bounds. */
export function randomWeights(random: Random, length: number, extreme = false): Int8Array {
  return new Int8Array(length).map(() => (extreme ? (random.real() < 0.5 ? -128 : 127) : random.integer(-128, 127)));
}

/** Uniform activations, or only the type's two bounds. */
export function randomActivations(random: Random, dtype: ActivationType, length: number, extreme = false): Activations {
  const { lo, hi } = rangeOf(dtype);
  return newActivations(dtype, length).map(() => (extreme ? (random.real() < 0.5 ? lo : hi) : random.integer(lo, hi)));
}

function powerOfTwo(value: number): number {
  return 2 ** Math.round(Math.log2(value));
}
