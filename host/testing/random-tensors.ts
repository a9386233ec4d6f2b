import { rangeOf } from "../../models/arithmetic/index.ts";
import type { NetworkBuilder } from "../../models/ir/builder.ts";
import type { ActivationType, FeatureShape, Layer, Quantization } from "../../models/ir/network.ts";
import { sameShape } from "../../models/ir/shape.ts";
import { Random } from "../../models/random/random.ts";

/** Kinds of layers. */
export type LayerKind = Layer["kind"];

/** Limits of a random network. */
export interface NetworkLimits {
  readonly layers: number;
  readonly size: number;
  readonly channels: number;
  /** Kinds of layers besides convolutions; default: all. */
  readonly kinds?: readonly LayerKind[];
}

/** A tensor of a network that is being made. */
export interface RandomTensor {
  readonly name: string;
  readonly quantization: Quantization;
  readonly shape: FeatureShape;
}

/** The tensors of a random network so far, and the dice. */
export class RandomTensors {
  readonly random: Random;
  readonly limits: NetworkLimits;
  readonly dtype: ActivationType;
  readonly all: RandomTensor[] = [];
  builder: NetworkBuilder | undefined;

  constructor(seed: number, limits: NetworkLimits) {
    this.random = new Random(seed);
    this.limits = limits;
    this.dtype = this.random.real() < 0.5 ? "uint8" : "int8";
  }

  /** Any of some values. */
  pick<T>(values: readonly T[]): T {
    return values[this.random.integer(0, values.length - 1)];
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.random.real() < probability;
  }

  /** Mostly the newest tensor, else any. */
  any(): RandomTensor {
    return this.chance(0.7) ? this.all[this.all.length - 1] : this.pick(this.all);
  }

  /** Pairs of tensors of one shape whose scales are near. */
  addable(): (readonly [RandomTensor, RandomTensor])[] {
    const near = (a: number, b: number): boolean => Math.max(a, b) < 2.5 * Math.min(a, b);
    const fits = (a: RandomTensor, b: RandomTensor): boolean =>
      sameShape(a.shape, b.shape) && near(a.quantization.scale, b.quantization.scale);
    return this.all.flatMap((a) => this.all.filter((b) => fits(a, b)).map((b) => [a, b] as const));
  }

  /** A quantisation with a scale near the one given; often that of a tensor before, or one of few significant bits. */
  quantization(scale: number): Quantization {
    const { lo, hi } = rangeOf(this.dtype);
    const zeroPoint = this.chance(0.4) ? lo : this.random.integer(lo, hi);
    const near = Math.fround(scale * (0.7 + 0.6 * this.random.real()));
    return { dtype: this.dtype, scale: this.chance(0.4) ? shortened(near) : near, zeroPoint };
  }

  /** Adds a layer to the network. */
  push(layer: Layer, quantization: Quantization): void {
    if (this.builder === undefined) throw new Error("the network has no builder yet");
    const name = this.builder.add(layer, quantization);
    this.all.push({ name, quantization, shape: this.builder.shapeOf(name) });
  }
}

/** Bits of a short scale: few enough that float32 sums of some hundred dequantised values are exact. */
const SHORT_BITS = 6;

/** A scale with the first bits of another. */
export function shortened(scale: number): number {
  const unit = 2 ** (Math.floor(Math.log2(scale)) - SHORT_BITS + 1);
  return Math.round(scale / unit) * unit;
}
