import fc from "fast-check";
import type { ActivationType } from "../../ir/network.ts";

/** What a step of a random graph adds. */
export const stepKinds = [
  ...(["dense", "group", "depthwise", "point", "gemm", "matmul"] as const),
  ...(["add", "concat", "maxPool", "averagePool", "globalAveragePool", "resize"] as const),
  ...(["shuffle", "split", "slice", "gather", "pad", "flatten", "reshape", "squeeze", "identity"] as const),
  ...(["relu", "clip", "requantize"] as const),
];
export type StepKind = (typeof stepKinds)[number];

/** One step; the rest of its parameters follow from its seed, bent to what its operand allows. */
export interface GraphStep {
  readonly kind: StepKind;
  /** How many tensors back its operand was made: 0 is the latest. */
  readonly back: number;
  /** Whether it is written in QDQ form (float operators between DequantizeLinear and QuantizeLinear). */
  readonly qdq: boolean;
  readonly seed: number;
}

/** A random quantised ONNX graph with its input. */
export interface GraphCase {
  readonly opset: number;
  readonly dtype: ActivationType;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Scales are powers of two, so that many results are ties. */
  readonly dyadic: boolean;
  /** Whether the graph takes floats, which its first node quantises. */
  readonly floatInput: boolean;
  /** Whether its input and its maps among the outputs have their channels last, transposed at once and at the end. */
  readonly channelsLast: boolean;
  /** Whether its outputs are floats, behind DequantizeLinear. */
  readonly floatOutputs: boolean;
  readonly steps: readonly GraphStep[];
  readonly seed: number;
}

const seeds = fc.nat(2 ** 30);

function graphSteps(qdq: fc.Arbitrary<boolean>): fc.Arbitrary<GraphStep> {
  return fc.record({ kind: fc.constantFrom(...stepKinds), back: fc.constantFrom(0, 0, 0, 1, 2, 5), qdq, seed: seeds });
}

/** Random graphs of a few steps, in QDQ form, in QOperator form, or mixed; they shrink towards small ones. */
export function graphCases(): fc.Arbitrary<GraphCase> {
  const stepsOf = (qdq: fc.Arbitrary<boolean>) => fc.array(graphSteps(qdq), { minLength: 1, maxLength: 7 });
  return fc.record({
    opset: fc.integer({ min: 11, max: 21 }),
    dtype: fc.constantFrom<ActivationType>("uint8", "uint8", "int8"),
    channels: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    dyadic: fc.constantFrom(false, false, true),
    floatInput: fc.boolean(),
    floatOutputs: fc.boolean(),
    channelsLast: fc.constantFrom(false, false, false, true),
    steps: fc.oneof(stepsOf(fc.constant(true)), stepsOf(fc.constant(false)), stepsOf(fc.boolean())),
    seed: seeds,
  });
}
