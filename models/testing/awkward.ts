import { type Problem, VargenError } from "../errors.ts";
import { importNetwork } from "../onnx/index.ts";
import {
  type AttributeValue,
  encodeModel,
  type InitializerData,
  initializer,
  type Node,
  operatorNode,
  type Tensor,
  type ValueInfo,
  valueInfo,
} from "../onnx/proto.ts";

/** A kind of graph that is refused: what makes it so, the node named, words of the message. */
export type AwkwardCase = readonly [name: string, change: (g: Awkward) => void, where: string, words: string];

/** A hand-made graph: a dequantised input `a` of [1, 4, 6, 6], nodes to come, and a quantised output. */
export class Awkward {
  readonly nodes: Node[] = [];
  readonly constants: Tensor[] = [];
  inputs: ValueInfo[] = [valueInfo("x", "uint8", [1, 4, 6, 6])];
  outputs: ValueInfo[] = [valueInfo("y", "uint8", [1, 4, 6, 6])];

  constructor() {
    this.constant("s", [], Float32Array.of(0.05));
    this.constant("z", [], Uint8Array.of(128));
    this.constant("w", [4, 4, 3, 3], new Int8Array(144).fill(3));
    this.constant("ws", [4], new Float32Array(4).fill(0.01));
    this.constant("wz", [4], new Int8Array(4));
    this.node("DequantizeLinear", ["x", "s", "z"], "a");
    this.node("DequantizeLinear", ["w", "ws", "wz"], "weights", { axis: 0 });
  }

  constant(name: string, dims: readonly number[], data: InitializerData): string {
    this.constants.push(initializer(name, dims, data));
    return name;
  }

  integers(name: string, ...values: readonly number[]): string {
    return this.constant(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): void {
    this.nodes.push(operatorNode(operator, `the_${output}`, inputs, [output], attributes));
  }

  /** Quantises a result and makes it the graph's output. */
  finish(real: string): void {
    this.node("QuantizeLinear", [real, "s", "z"], "y");
  }

  conv(attributes: Readonly<Record<string, AttributeValue>>, inputs: readonly string[] = ["a", "weights"]): void {
    this.node("Conv", inputs, "c", attributes);
    this.finish("c");
  }

  bytes(opset = 13): Uint8Array {
    const { nodes: node, constants, inputs: input, outputs: output } = this;
    return encodeModel({ name: "awkward", node, initializer: constants, input, output }, opset);
  }
}

/** What an import of a file finds wrong. */
export function importProblems(bytes: Uint8Array): readonly Problem[] {
  try {
    importNetwork(bytes, "net.onnx");
  } catch (error) {
    if (error instanceof VargenError) return error.problems;
    throw error;
  }
  return [];
}

/** A graph of one operator over its input. */
export const follow =
  (operator: string, attributes: Readonly<Record<string, AttributeValue>> = {}) =>
  (g: Awkward) => {
    g.node(operator, ["a"], "c", attributes);
    g.finish("c");
  };
