import { rangeOf } from "../../models/arithmetic/index.ts";
import { newActivations } from "../../models/ir/activations.ts";
import { NetworkBuilder } from "../../models/ir/builder.ts";
import type { Activations, ActivationType, Network, Quantization } from "../../models/ir/network.ts";
import { elementCount, sameShape } from "../../models/ir/shape.ts";
import { Random } from "../../models/random/random.ts";

/** A network with an input for it. */
export interface NetworkSample {
  readonly network: Network;
  readonly input: Activations;
}

/** Limits of a random network. */
export interface NetworkLimits {
  readonly layers: number;
  readonly size: number;
  readonly channels: number;
}

/** A random network over all layer kinds, with branches, additions of any two like tensors and tensors read twice. */
export function randomNetwork(seed: number, limits: NetworkLimits): NetworkSample {
  return new Sampler(seed, limits).sample();
}

class Sampler {
  readonly #random: Random;
  readonly #limits: NetworkLimits;
  readonly #dtype: ActivationType;
  readonly #builder: NetworkBuilder;
  readonly #tensors: { readonly name: string; readonly quantization: Quantization }[] = [];
  readonly #shape: { readonly channels: number; readonly height: number; readonly width: number };

  constructor(seed: number, limits: NetworkLimits) {
    const random = new Random(seed);
    this.#random = random;
    this.#limits = limits;
    this.#dtype = random.real() < 0.5 ? "uint8" : "int8";
    this.#shape = {
      channels: random.real() < 0.3 ? random.integer(1, 3) : random.integer(1, limits.channels),
      height: random.integer(1, limits.size),
      width: random.integer(1, limits.size),
    };
    const quantization = this.#quantization(0.02);
    this.#builder = new NetworkBuilder(`random${seed}`, { name: "x", shape: this.#shape, quantization });
    this.#tensors.push({ name: "x", quantization });
  }

  sample(): NetworkSample {
    const layers = this.#random.integer(1, this.#limits.layers);
    for (let i = 0; i < layers; i++) this.#addLayer(`l${i}`);
    const { lo, hi } = rangeOf(this.#dtype);
    const extreme = this.#random.real() < 0.2;
    const input = newActivations(this.#dtype, elementCount(this.#shape)).map(() =>
      extreme ? (this.#random.real() < 0.5 ? lo : hi) : this.#random.integer(lo, hi),
    );
    return { network: this.#builder.build(), input };
  }

  #addLayer(name: string): void {
    const choice = this.#random.real();
    const pairs = this.#addablePairs();
    if (choice < 0.35 && pairs.length > 0) {
      const inputs = pairs[this.#random.integer(0, pairs.length - 1)];
      const scale = this.#tensors.find((tensor) => tensor.name === inputs[0])?.quantization.scale ?? 1;
      this.#push(name, this.#quantization(scale * 1.3), (quantization) =>
        this.#builder.add({ kind: "add", name, inputs, output: name }, quantization),
      );
      return;
    }
    const recent =
      this.#tensors.length - 1 - (this.#random.real() < 0.7 ? 0 : this.#random.integer(0, this.#tensors.length - 1));
    const { name: input, quantization } = this.#tensors[recent];
    const shape = this.#builder.shapeOf(input);
    if (choice > 0.95) {
      this.#push(name, { ...this.#quantization(1), scale: quantization.scale }, (output) =>
        this.#builder.add({ kind: "globalAveragePool", name, input, output: name }, output),
      );
    } else if (choice > 0.9 && elementCount(shape) <= 600) {
      const outputs = this.#random.integer(1, this.#limits.channels);
      const depth = elementCount(shape);
      const constants = this.#constants(outputs, depth, quantization.scale);
      this.#push(name, this.#quantization(0.05), (output) =>
        this.#builder.add({ kind: "gemm", name, input, output: name, ...constants(output.scale) }, output),
      );
    } else this.#addConv(name, input, quantization.scale);
  }

  #addConv(name: string, input: string, inputScale: number): void {
    const random = this.#random;
    const shape = this.#builder.shapeOf(input);
    const divisors = Array.from({ length: shape.channels }, (_, i) => i + 1).filter((d) => shape.channels % d === 0);
    const groups = random.real() < 0.4 ? 1 : divisors[random.integer(0, divisors.length - 1)];
    const perGroup = random.integer(1, Math.max(1, Math.floor(this.#limits.channels / groups)));
    const outputs = random.real() < 0.4 && shape.channels % groups === 0 ? shape.channels : groups * perGroup;
    const kernels = [1, 1, 3, 3, 3, 2, 5];
    const size = kernels[random.integer(0, kernels.length - 1)];
    const same = { top: size >> 1, left: size >> 1, bottom: size >> 1, right: size >> 1 };
    const pad = (): number => random.integer(0, size - 1);
    const padding = random.real() < 0.6 ? same : { top: pad(), left: pad(), bottom: pad(), right: pad() };
    const kernel = {
      height: Math.min(size, shape.height + padding.top + padding.bottom),
      width: Math.min(size, shape.width + padding.left + padding.right),
    };
    const stride = random.real() < 0.7 ? 1 : 2;
    const depth = (shape.channels / groups) * kernel.height * kernel.width;
    const constants = this.#constants(outputs, depth, inputScale);
    this.#push(name, this.#quantization(0.05), (output) =>
      this.#builder.add(
        {
          kind: "conv",
          name,
          input,
          output: name,
          groups,
          kernel,
          stride: { y: stride, x: stride },
          padding,
          ...constants(output.scale),
        },
        output,
      ),
    );
  }

  /** Weights, biases and, for an output scale, weight scales that spread results over the range. */
  #constants(outputs: number, depth: number, inputScale: number) {
    const random = this.#random;
    const extreme = random.real() < 0.2;
    const weights = new Int8Array(outputs * depth).map(() =>
      extreme ? (random.real() < 0.5 ? -127 : 127) : random.integer(-127, 127),
    );
    const bias = new Int32Array(outputs).map(() => random.integer(-5000, 5000));
    const spread = 90 * Math.sqrt(depth);
    return (outputScale: number) => {
      const base = outputScale / inputScale / spread;
      return { weights, bias, weightScales: new Float32Array(outputs).map(() => base * random.scale(0.3, 3)) };
    };
  }

  #addablePairs(): (readonly [string, string])[] {
    const names = this.#tensors.map(({ name }) => name);
    const like = (a: string, b: string): boolean => sameShape(this.#builder.shapeOf(a), this.#builder.shapeOf(b));
    const near = (a: string, b: string): boolean => {
      const scales = [a, b].map((name) => this.#tensors.find((t) => t.name === name)?.quantization.scale ?? 1);
      return Math.max(...scales) < 2.5 * Math.min(...scales);
    };
    return names.flatMap((a) => names.filter((b) => like(a, b) && near(a, b)).map((b) => [a, b] as const));
  }

  #push(name: string, quantization: Quantization, add: (quantization: Quantization) => string): void {
    add(quantization);
    this.#tensors.push({ name, quantization });
  }

  #quantization(scale: number): Quantization {
    const { lo, hi } = rangeOf(this.#dtype);
    const zeroPoint = this.#random.real() < 0.4 ? lo : this.#random.integer(lo, hi);
    return { dtype: this.#dtype, scale: Math.fround(scale * (0.7 + 0.6 * this.#random.real())), zeroPoint };
  }
}
