import { type InitializerData, initializer, operatorNode, type ValueInfo, valueInfo } from "../onnx/proto.ts";
import { Random } from "../random/random.ts";
import { type Attributes, OnnxParts } from "./onnx-parts.ts";

/** A file as some tool writes it. */
export interface Written {
  readonly bytes: Uint8Array;
  /** Shape and type of the input `x`. */
  readonly dims: readonly number[];
  readonly dtype: "float32" | "uint8" | "int8";
  /** Whether ONNX Runtime is exact without optimisations too. */
  readonly exactUnfused?: boolean;
  /** Operators left to the host. */
  readonly host?: readonly string[];
}

/** The input of most files. */
export const imageInput = { dims: [1, 3, 9, 8], dtype: "float32" } as const;

/** Attributes of a 3x3 convolution whose result is as large as its input, all written out. */
export const sameSize = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };

/** Writes a file node by node, as hand-made replicas of other tools' patterns need. */
export class Convention extends OnnxParts {
  readonly random = new Random(9);

  /** A Constant node. */
  constantNode(name: string, dims: readonly number[], data: InitializerData): string {
    const node = operatorNode("Constant", name, [], [name]);
    this.nodes.push({ ...node, attribute: [{ name: "value", type: 4, t: initializer("", dims, data) }] });
    return name;
  }

  node(operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}, domain = ""): string {
    this.nodes.push(operatorNode(operator, `node_${output}`, inputs, [output], attributes, domain));
    return output;
  }

  /** Scale and zero point `<name>_scale`, `<name>_zero_point`. */
  scales(name: string, scale: number, zeroPoint: InitializerData): readonly [string, string] {
    return [this.named(`${name}_scale`, [], Float32Array.of(scale)), this.named(`${name}_zero_point`, [], zeroPoint)];
  }

  /** QuantizeLinear and DequantizeLinear, named as ONNX Runtime's quantiser names them. */
  pair(name: string, scale: number, zeroPoint: InitializerData): string {
    const scales = this.scales(name, scale, zeroPoint);
    this.node("QuantizeLinear", [name, ...scales], `${name}_QuantizeLinear_Output`);
    return this.node(
      "DequantizeLinear",
      [`${name}_QuantizeLinear_Output`, ...scales],
      `${name}_DequantizeLinear_Output`,
    );
  }

  int8(length: number): Int8Array {
    return new Int8Array(length).map(() => this.random.integer(-127, 127));
  }

  int32(length: number): Int32Array {
    return new Int32Array(length).map(() => this.random.integer(-900, 900));
  }

  floats(length: number, lo: number, hi: number): Float32Array {
    return new Float32Array(length).map(() => this.random.scale(lo, hi));
  }

  /** The file, with input `x`. */
  written(
    input: Pick<Written, "dims" | "dtype">,
    outputs: readonly ValueInfo[],
    opset: number,
    more: Partial<Written> = {},
  ): Written {
    const type = input.dtype === "float32" ? "float" : input.dtype;
    const bytes = this.encode("convention", [valueInfo("x", type, input.dims)], outputs, opset);
    return { bytes, ...input, ...more };
  }
}
