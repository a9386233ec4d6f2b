import {
  type AttributeValue,
  encodeModel,
  type InitializerData,
  initializer,
  type Node,
  type Tensor,
  type ValueInfo,
} from "../onnx/proto.ts";

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Nodes and constants of an ONNX file that is written piece by piece. */
export class OnnxParts {
  readonly nodes: Node[] = [];
  readonly constants: Tensor[] = [];

  /** A constant under a name of its own. @returns the name */
  constant(dims: readonly number[], data: InitializerData): string {
    return this.named(`constant_${this.constants.length}`, dims, data);
  }

  /** A constant. @returns its name */
  named(name: string, dims: readonly number[], data: InitializerData): string {
    this.constants.push(initializer(name, dims, data));
    return name;
  }

  /** A list of int64 under a name of its own, such as a shape. @returns the name */
  integers(...values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt));
  }

  /** The file, with its nodes or others. */
  encode(
    name: string,
    input: readonly ValueInfo[],
    output: readonly ValueInfo[],
    opset = 13,
    node = this.nodes,
  ): Uint8Array {
    return encodeModel({ name, node, initializer: this.constants, input: [...input], output: [...output] }, opset);
  }
}
