import { type Constant, floatConstant, int8Constant, int32Constant, toNumber } from "./constant.ts";
import type { Node, Tensor } from "./proto.ts";
import type { ReadScope } from "./scope.ts";

/** One node of a graph being read: its constants and attributes, checked; every failure is reported and gives undefined. */
export class NodeView {
  readonly operator: string;
  /** The layer's name: the node's, or its output's where it has none. */
  readonly name: string;
  readonly output: string;
  readonly #node: Node;
  readonly #scope: ReadScope;

  constructor(node: Node, scope: ReadScope) {
    this.#node = node;
    this.#scope = scope;
    this.operator = node.opType ?? "";
    this.output = node.output?.[0] ?? "";
    this.name = node.name ? node.name : this.output;
  }

  /** How messages name the node. */
  get label(): string {
    return `${this.operator} '${this.name}'`;
  }

  report(code: string, message: string, hint?: string): undefined {
    this.#scope.report(this.label, code, message, hint);
    return undefined;
  }

  /** Name of an input; empty where it is left out. */
  inputName(index: number): string {
    return this.#node.input?.[index] ?? "";
  }

  /** An integer attribute. */
  int(name: string, standard: number): number {
    const attribute = this.attribute(name);
    return attribute === undefined ? standard : toNumber(attribute.i ?? 0);
  }

  /** A float attribute. */
  float(name: string, standard: number): number {
    return this.attribute(name)?.f ?? standard;
  }

  /** Names of all attributes. */
  get attributeNames(): readonly string[] {
    return (this.#node.attribute ?? []).map(({ name }) => name ?? "");
  }

  /** A text attribute. */
  text(name: string, standard: string): string {
    const bytes = this.attribute(name)?.s;
    return bytes ? new TextDecoder().decode(bytes) : standard;
  }

  /** An integer list attribute of the standard's length. */
  ints(name: string, standard: readonly number[]): readonly number[] | undefined {
    const attribute = this.attribute(name);
    if (attribute === undefined) return standard;
    const values = (attribute.ints ?? []).map(toNumber);
    if (values.length === standard.length) return values;
    return this.report(
      "attribute",
      `attribute ${name} is [${values}], where ${standard.length} integers are needed`,
      "only convolutions over height and width are read",
    );
  }

  /** A float32 constant with its shape. */
  float32(index: number): { readonly shape: readonly number[]; readonly values: Float32Array } | undefined {
    return this.#values(index, floatConstant);
  }

  /** A float32 constant's values. */
  floats(index: number): Float32Array | undefined {
    return this.float32(index)?.values;
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
    const tensor = this.constant(index);
    if (tensor === undefined) return undefined;
    const constant = read(tensor);
    if (!("problem" in constant)) return constant;
    return this.report("constant", `input ${index} '${tensor.name}': ${constant.problem}`);
  }

  /** A constant as it stands in the file. */
  constant(index: number): Tensor | undefined {
    const name = this.inputName(index);
    const tensor = this.#scope.constants.get(name);
    if (tensor !== undefined) return tensor;
    if (name === "") return this.report("missing-input", `input ${index} is left out`);
    return this.report("not-constant", `input ${index} '${name}' is not a constant`, "fold it into an initializer");
  }

  /** An attribute as it stands in the file. */
  protected attribute(name: string) {
    return (this.#node.attribute ?? []).find((attribute) => attribute.name === name);
  }
}
