import { operatorNode, valueInfo } from "../onnx/proto.ts";
import type { Random } from "../random/random.ts";
import { type Attributes, OnnxParts } from "./onnx-parts.ts";

/** A tensor of a graph that is being built. */
export interface FloatValue {
  readonly name: string;
  /** [1, channels, height, width] or [1, values]. */
  readonly dims: readonly number[];
}

/** A float ONNX graph while it is built: what all operators share. */
export class FloatGraph extends OnnxParts {
  readonly random: Random;
  readonly input: FloatValue;
  readonly #outputs: FloatValue[] = [];
  protected count = 0;
  current: FloatValue;

  constructor(random: Random, dims: readonly number[]) {
    super();
    this.random = random;
    this.input = { name: "x", dims };
    this.current = this.input;
  }

  /** Makes the current tensor an output. */
  output(): void {
    this.#outputs.push(this.current);
  }

  /** A node over the current tensor and other operands, whose result becomes the current one. */
  apply(
    operator: string,
    operands: readonly string[] = [],
    attributes: Attributes = {},
    dims: readonly number[] = this.current.dims,
  ): void {
    const name = `${operator}_${this.count++}`;
    this.nodes.push(operatorNode(operator, name, [this.current.name, ...operands], [`${name}_out`], attributes));
    this.current = { name: `${name}_out`, dims };
  }

  /** Names of the outputs, in order. */
  get outputs(): readonly string[] {
    return this.#outputs.map(({ name }) => name);
  }

  build(): Uint8Array {
    const outputs = this.#outputs.map(({ name, dims }) => valueInfo(name, "float", dims));
    return this.encode("float", [valueInfo("x", "float", this.input.dims)], outputs);
  }

  /** A random input of values around 0. */
  image(): Float32Array {
    const length = this.input.dims.reduce((product, extent) => product * extent, 1);
    return new Float32Array(length).map(() => 2 * this.random.real() - 1);
  }

  protected drawn(length: number, amplitude: number, fanIn = 1): Float32Array {
    return new Float32Array(length).map(() => (amplitude * this.random.normal()) / Math.sqrt(fanIn));
  }
}
