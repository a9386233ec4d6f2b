import fc from "fast-check";
import type { ActivationType } from "../../models/ir/network.ts";

/** What a step of a random network does; `residual` is a convolution with its input added. */
export const stepKinds = ["group", "point", "dense", "depthwise", "residual", "pool", "gemm"] as const;
export type StepKind = (typeof stepKinds)[number];

/** How a step's effective scales lie: results spread over the range, mostly saturate, or nearly vanish. */
export type Spread = "normal" | "saturating" | "vanishing";

/** One step of a random network. What its place does not allow (such as a kernel larger than the map) is bent to fit. */
export interface StepCase {
  readonly kind: StepKind;
  /** Groups of a group convolution; elsewhere part of the output channel count. */
  readonly groups: number;
  /** Output channels, per group in a group convolution. */
  readonly outputs: number;
  readonly kernel: { readonly height: number; readonly width: number };
  readonly stride: 1 | 2;
  readonly padding: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number };
  readonly spread: Spread;
  /** Weights at -128 and 127 only. */
  readonly extreme: boolean;
}

/** A random network with its input; everything else follows from the seed. */
export interface NetworkCase {
  readonly dtype: ActivationType;
  readonly height: number;
  readonly width: number;
  /** Input channels in units of G, or odd ones in front of a dense or pointwise first step. */
  readonly channelGroups: number;
  /** Scales are small multiples of powers of two, so that many results are ties. */
  readonly dyadic: boolean;
  /** Input values at the type's bounds only. */
  readonly extremeInput: boolean;
  readonly steps: readonly StepCase[];
  readonly seed: number;
}

const smallPadding = fc.integer({ min: 0, max: 2 });

const stepCases: fc.Arbitrary<StepCase> = fc.record({
  kind: fc.constantFrom(...stepKinds),
  groups: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 40 }),
  kernel: fc.record({ height: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 5 }) }),
  stride: fc.constantFrom(1, 2),
  padding: fc.record({ top: smallPadding, left: smallPadding, bottom: smallPadding, right: smallPadding }),
  spread: fc.constantFrom("normal", "normal", "normal", "saturating", "vanishing"),
  extreme: fc.boolean(),
});

/** Random networks of one to `maxSteps` steps on maps from 1x1 to `maxSize` squared; shrinks towards small ones. */
export function networkCases(maxSteps: number, maxSize: number): fc.Arbitrary<NetworkCase> {
  const extent = fc.oneof(fc.integer({ min: 1, max: maxSize }), fc.constantFrom(1, 2));
  return fc.record({
    dtype: fc.constantFrom<ActivationType>("uint8", "int8"),
    height: extent,
    width: extent,
    channelGroups: fc.integer({ min: 1, max: 4 }),
    dyadic: fc.boolean(),
    extremeInput: fc.boolean(),
    steps: fc.array(stepCases, { minLength: 1, maxLength: maxSteps }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  });
}
