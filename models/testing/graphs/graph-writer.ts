import { rangeOf } from "../../arithmetic/index.ts";
import { newActivations } from "../../ir/activations.ts";
import type { Quantization } from "../../ir/network.ts";
import { operatorNode } from "../../onnx/proto.ts";
import type { Random } from "../../random/random.ts";
import { type Attributes, OnnxParts } from "../onnx-parts.ts";
import type { GraphCase } from "./graph-case.ts";

/** A quantised tensor of a graph that is being written. */
export interface GraphTensor {
  /** Name of its integers. */
  readonly name: string;
  readonly dims: readonly number[];
  readonly quantization: Quantization;
  /** In two dimensions: values of each channel, which a slice of channels must not part; 0 where it never was a map. */
  readonly pixels: number;
}

/** Options of a node. */
export interface NodeOptions {
  readonly domain?: string;
  /** How many outputs it has (default 1). */
  readonly outputs?: number;
}

/** Writes nodes and constants of a random graph; everything random comes from the step's own source. */
export class GraphWriter extends OnnxParts {
  readonly parameters: GraphCase;
  /** Tensors made so far, the input first. */
  readonly tensors: GraphTensor[] = [];
  /** Names of the QuantizeLinear nodes that give an activation another scale by themselves. */
  readonly rescaling: string[] = [];
  random: Random;
  readonly #dequantized = new Map<string, string>();

  constructor(parameters: GraphCase, random: Random) {
    super();
    this.parameters = parameters;
    this.random = random;
  }

  get opset(): number {
    return this.parameters.opset;
  }

  /** Adds a node. @returns names of its outputs */
  nodeOf(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    { domain = "", outputs = 1 }: NodeOptions = {},
  ): readonly string[] {
    const name = `${operator}_${this.nodes.length}`;
    const made = Array.from({ length: outputs }, (_, i) => (i === 0 ? `${name}_out` : `${name}_out${i}`));
    this.nodes.push(operatorNode(operator, name, inputs, made, attributes, domain));
    return made;
  }

  /** Adds a node of one output. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}, domain = ""): string {
    return this.nodeOf(operator, inputs, attributes, { domain })[0] ?? "";
  }

  /** Takes nodes back, from the given one on. */
  undo(first: number): void {
    for (const { output } of this.nodes.splice(first))
      for (const [tensor, real] of this.#dequantized) if (output?.includes(real)) this.#dequantized.delete(tensor);
  }

  /** Scale and zero point as constants. */
  scales({ dtype, scale, zeroPoint }: Quantization): readonly [string, string] {
    return [this.constant([], Float32Array.of(scale)), this.constant([], newActivations(dtype, 1).fill(zeroPoint))];
  }

  /** A tensor as integer operators take it: its name, scale, zero point. */
  operand(tensor: GraphTensor): readonly string[] {
    return [tensor.name, ...this.scales(tensor.quantization)];
  }

  /** The tensor as floats, behind DequantizeLinear: one for all readers, or one for this reader. */
  real(tensor: GraphTensor): string {
    const known = this.#dequantized.get(tensor.name);
    if (known !== undefined && this.random.real() < 0.5) return known;
    const made = this.node("DequantizeLinear", this.operand(tensor));
    this.#dequantized.set(tensor.name, made);
    return made;
  }

  /** Floats in a quantisation, behind QuantizeLinear. */
  quantized(real: string, dims: readonly number[], quantization: Quantization): GraphTensor {
    return this.made(this.node("QuantizeLinear", [real, ...this.scales(quantization)]), dims, quantization);
  }

  /** An activation in another quantisation: no operator that computes stands before it. */
  rescaled(real: string, dims: readonly number[], quantization: Quantization): GraphTensor {
    const made = this.quantized(real, dims, quantization);
    this.rescaling.push(this.nodes[this.nodes.length - 1].name ?? "");
    return made;
  }

  /** Integers that a node made. */
  made(name: string, dims: readonly number[], quantization: Quantization): GraphTensor {
    return { name, dims, quantization, pixels: 1 };
  }

  /** Any scale, and a zero point anywhere, often at a bound. */
  anyQuantization(): Quantization {
    const { dtype, dyadic } = this.parameters;
    const { random } = this;
    const { lo, hi } = rangeOf(dtype);
    const place = random.real();
    const zeroPoint = place < 0.3 ? lo : place < 0.35 ? hi : place < 0.5 ? lo + 128 : random.integer(lo, hi);
    return { dtype, scale: dyadic ? 2 ** random.integer(-8, 0) : random.scale(2 ** -8, 1), zeroPoint };
  }

  /** A quantisation whose scale is near the given one. */
  nearQuantization(scale: number): Quantization {
    const factor = this.parameters.dyadic ? 2 ** this.random.integer(-1, 1) : this.random.scale(0.5, 2);
    return { ...this.anyQuantization(), scale: Math.fround(scale * factor) };
  }
}
