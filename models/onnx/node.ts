import type { Quantization, TensorInfo } from "../ir/network.ts";
import {
  type Constant,
  elementTypeName,
  floatConstant,
  int8Constant,
  int32Constant,
  toNumber,
  uint8Constant,
} from "./constant.ts";
import type { ReadContext } from "./context.ts";
import type { Node, Tensor } from "./proto.ts";

/** One node of a graph being read: its inputs and attributes, checked; every failure is reported and gives undefined. */
export class NodeView {
  readonly operator: string;
  /** The layer's name: the node's, or its output's where it has none. */
  readonly name: string;
  readonly output: string;
  readonly #node: Node;
  readonly #context: ReadContext;

  constructor(node: Node, context: ReadContext) {
    this.#node = node;
    this.#context = context;
    this.operator = node.opType ?? "";
    this.output = node.output?.[0] ?? "";
    this.name = node.name ? node.name : this.output;
  }

  /** How messages name the node. */
  get label(): string {
    return `${this.operator} '${this.name}'`;
  }

  report(code: string, message: string, hint?: string): undefined {
    this.#context.report(this.label, code, message, hint);
    return undefined;
  }

  /** Name of an input; empty where it is left out. */
  inputName(index: number): string {
    return this.#node.input?.[index] ?? "";
  }

  /** An integer attribute. */
  int(name: string, standard: number): number {
    const attribute = this.#attribute(name);
    return attribute === undefined ? standard : toNumber(attribute.i ?? 0);
  }

  /** A float attribute. */
  float(name: string, standard: number): number {
    return this.#attribute(name)?.f ?? standard;
  }

  /** A text attribute. */
  text(name: string, standard: string): string {
    const bytes = this.#attribute(name)?.s;
    return bytes ? new TextDecoder().decode(bytes) : standard;
  }

  /** An integer list attribute of the standard's length. */
  ints(name: string, standard: readonly number[]): readonly number[] | undefined {
    const attribute = this.#attribute(name);
    if (attribute === undefined) return standard;
    const values = (attribute.ints ?? []).map(toNumber);
    if (values.length === standard.length) return values;
    return this.report(
      "attribute",
      `attribute ${name} is [${values}], where ${standard.length} integers are needed`,
      "only convolutions over height and width are read",
    );
  }

  /** An activation that is defined already. */
  activation(index: number): TensorInfo | undefined {
    const name = this.inputName(index);
    const tensor = this.#context.tensor(name);
    if (tensor !== undefined || this.#context.isLost(name)) return tensor;
    if (this.#context.constants.has(name))
      return this.report("constant-input", `input ${index} '${name}' is a constant, where an activation is needed`);
    return this.report("undefined-input", `input ${index} '${name}' is not made by an earlier node`);
  }

  /** An activation with scale and zero point at the next two inputs, which must be those it was made with. */
  quantizedActivation(index: number): TensorInfo | undefined {
    const tensor = this.activation(index);
    const quantization = this.quantization(index + 1, index + 2);
    if (tensor === undefined || quantization === undefined) return undefined;
    const made = tensor.quantization;
    const fits = made.dtype === quantization.dtype && made.zeroPoint === quantization.zeroPoint;
    if (fits && made.scale === quantization.scale) return tensor;
    return this.report(
      "quantization",
      `input '${tensor.name}' is read as ${format(quantization)} but made as ${format(made)}`,
      "give both nodes the same scale and zero point",
    );
  }

  /** Scale and zero point of a tensor from two scalar constants. */
  quantization(scaleIndex: number, zeroPointIndex: number): Quantization | undefined {
    const scales = this.floats(scaleIndex);
    const zero = this.#constant(zeroPointIndex);
    if (scales === undefined || zero === undefined) return undefined;
    const signed = int8Constant(zero);
    const zeros = "problem" in signed ? uint8Constant(zero) : signed;
    if ("problem" in zeros) {
      const type = elementTypeName(zero.dataType);
      return this.report(
        "zero-point",
        `zero point '${zero.name}' is ${type}`,
        "requantise the network to int8 or uint8",
      );
    }
    if (scales.length !== 1 || zeros.values.length !== 1)
      return this.report(
        "per-channel",
        `input ${scaleIndex} has ${scales.length} scales and ${zeros.values.length} zero points`,
        "activations are quantised per tensor: one scale, one zero point",
      );
    const [scale] = scales;
    if (!(scale > 0 && Number.isFinite(scale)))
      return this.report("scale", `scale '${this.inputName(scaleIndex)}' is ${scale}, not a positive number`);
    return { dtype: "problem" in signed ? "uint8" : "int8", scale, zeroPoint: zeros.values[0] };
  }

  /** A float32 constant. */
  floats(index: number): Float32Array | undefined {
    return this.#values(index, floatConstant)?.values;
  }

  /** An int8 constant with its shape. */
  int8(index: number): { readonly shape: readonly number[]; readonly values: Int8Array } | undefined {
    return this.#values(index, int8Constant);
  }

  /** An int32 constant. */
  int32(index: number): Int32Array | undefined {
    return this.#values(index, int32Constant)?.values;
  }

  #values<T>(index: number, read: (tensor: Tensor) => Constant<T>) {
    const tensor = this.#constant(index);
    if (tensor === undefined) return undefined;
    const constant = read(tensor);
    if (!("problem" in constant)) return constant;
    return this.report("constant", `input ${index} '${tensor.name}': ${constant.problem}`);
  }

  #constant(index: number): Tensor | undefined {
    const name = this.inputName(index);
    const tensor = this.#context.constants.get(name);
    if (tensor !== undefined) return tensor;
    if (name === "") return this.report("missing-input", `input ${index} is left out`);
    return this.report("not-constant", `input ${index} '${name}' is not a constant`, "fold it into an initializer");
  }

  #attribute(name: string) {
    return (this.#node.attribute ?? []).find((attribute) => attribute.name === name);
  }
}

function format({ dtype, scale, zeroPoint }: Quantization): string {
  return `${dtype} with scale ${scale} and zero point ${zeroPoint}`;
}
