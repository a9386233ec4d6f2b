import type { Problem } from "../errors.ts";
import { importNetwork } from "../onnx/index.ts";
import { operatorNode, type ValueInfo, valueInfo } from "../onnx/proto.ts";
import { type Attributes, OnnxParts } from "./onnx-parts.ts";
import { problemsOf } from "./problems.ts";

/** A kind of graph that is refused: what makes it so, the node named, words of the message. */
export type AwkwardCase = readonly [name: string, change: (g: Awkward) => void, where: string, words: string];

/** A hand-made graph: a dequantised input `a` of [1, 4, 6, 6], nodes to come, and a quantised output. */
export class Awkward extends OnnxParts {
  inputs: ValueInfo[] = [valueInfo("x", "uint8", [1, 4, 6, 6])];
  outputs: ValueInfo[] = [valueInfo("y", "uint8", [1, 4, 6, 6])];

  constructor() {
    super();
    this.named("s", [], Float32Array.of(0.05));
    this.named("z", [], Uint8Array.of(128));
    this.named("w", [4, 4, 3, 3], new Int8Array(144).fill(3));
    this.named("ws", [4], new Float32Array(4).fill(0.01));
    this.named("wz", [4], new Int8Array(4));
    this.node("DequantizeLinear", ["x", "s", "z"], "a");
    this.node("DequantizeLinear", ["w", "ws", "wz"], "weights", { axis: 0 });
  }

  node(operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): void {
    this.nodes.push(operatorNode(operator, `the_${output}`, inputs, [output], attributes));
  }

  /** Quantises a result and makes it the graph's output. */
  finish(real: string): void {
    this.node("QuantizeLinear", [real, "s", "z"], "y");
  }

  conv(attributes: Attributes, inputs: readonly string[] = ["a", "weights"]): void {
    this.node("Conv", inputs, "c", attributes);
    this.finish("c");
  }

  bytes(opset = 13): Uint8Array {
    return this.encode("awkward", this.inputs, this.outputs, opset);
  }
}

/** What an import of a file finds wrong. */
export function importProblems(bytes: Uint8Array): readonly Problem[] {
  return problemsOf(() => importNetwork(bytes, "net.onnx"));
}

/** A graph of one operator over its input. */
export const follow =
  (operator: string, attributes: Attributes = {}) =>
  (g: Awkward) => {
    g.node(operator, ["a"], "c", attributes);
    g.finish("c");
  };
