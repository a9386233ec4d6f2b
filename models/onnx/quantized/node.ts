import type { Quantization, TensorInfo } from "../../ir/network.ts";
import { elementTypeName, int8Constant, uint8Constant } from "../constant.ts";
import { NodeView } from "../node.ts";
import type { Node } from "../proto.ts";
import type { ReadContext } from "./context.ts";

/** A node over quantised activations; every failure is reported and gives undefined. */
export class QuantizedNode extends NodeView {
  readonly #context: ReadContext;

  constructor(node: Node, context: ReadContext) {
    super(node, context);
    this.#context = context;
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
    const zero = this.constant(zeroPointIndex);
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
}

function format({ dtype, scale, zeroPoint }: Quantization): string {
  return `${dtype} with scale ${scale} and zero point ${zeroPoint}`;
}
