import type { Quantization, TensorInfo } from "../../ir/network.ts";
import { elementTypeName, floatConstant, int8Constant, integerConstant, toNumber, uint8Constant } from "../constant.ts";
import { NodeView } from "../node.ts";
import { ElementType, type Node } from "../proto.ts";
import type { ImportContext } from "./context.ts";
import { featureView, materialize, materializeReal } from "./materialize.ts";
import type { Value, View } from "./value.ts";

const quantizeHint = "quantise it: QuantizeLinear and DequantizeLinear after the operator that makes it";

/** A node over quantised values; every failure is reported and gives undefined. */
export class ImportNode extends NodeView {
  readonly context: ImportContext;
  readonly #proto: Node;
  readonly outputs: readonly string[];
  readonly inputCount: number;

  /** The node of the file: another one than this where this is one of its outputs, see {@link part}. */
  readonly owner: ImportNode;

  constructor(node: Node, context: ImportContext, owner?: ImportNode) {
    super(node, context);
    this.owner = owner ?? this;
    this.context = context;
    this.#proto = node;
    this.outputs = node.output ?? [];
    this.inputCount = (node.input ?? []).length;
  }

  /** What an input stands for; reports one that nothing makes. */
  value(index: number): Value | undefined {
    const name = this.inputName(index);
    const value = this.context.value(name);
    if (value !== undefined || this.context.isLost(name)) return value;
    if (name === "") return this.report("missing-input", `input ${index} is left out`);
    if (this.context.constants.has(name))
      return this.report("constant-input", `input ${index} '${name}' is a constant, where an activation is needed`);
    return this.report(
      "undefined-input",
      `input ${index} '${name}' is not made by an earlier node`,
      "nodes must be in order, without cycles",
    );
  }

  /** A quantised input of an integer operator. */
  integer(index: number): View | undefined {
    const value = this.value(index);
    if (value === undefined || value.kind === "integer") return value?.view;
    if (value.kind === "host") return this.hostInput(index, value.node);
    return this.report("type", `input ${index} '${this.inputName(index)}' is float`, "quantise it: QuantizeLinear");
  }

  /** Values of an integer operator's input in a tensor, with scale and zero point that fit the next two inputs. */
  quantizedTensor(index: number): { readonly tensor: TensorInfo; readonly view: View } | undefined {
    const view = this.integer(index);
    const quantization = this.quantization(index + 1, index + 2, view?.tensor.quantization.dtype);
    if (view === undefined || quantization === undefined || !this.agrees(view, quantization)) return undefined;
    const tensor = materialize(view);
    return tensor && { tensor, view };
  }

  /** Whether a view has the quantisation that the node reads it with. */
  agrees({ tensor }: View, quantization: Quantization): boolean {
    const made = tensor.quantization;
    const fits = made.dtype === quantization.dtype && made.zeroPoint === quantization.zeroPoint;
    if (fits && made.scale === quantization.scale) return true;
    this.report(
      "quantization",
      `input '${tensor.name}' is read as ${format(quantization)} but made as ${format(made)}`,
      "give both nodes the same scale and zero point",
    );
    return false;
  }

  /** Values of a float operator's input, which must have been quantised. */
  realTensor(index: number): { readonly tensor: TensorInfo; readonly view: View } | undefined {
    const value = this.value(index);
    if (value === undefined) return undefined;
    const name = `input ${index} '${this.inputName(index)}'`;
    if (value.kind === "real") return materializeReal(this, value);
    if (value.kind === "draft")
      return this.report("unquantized", `${name}, made by ${value.draft.node.label}, is not quantised`, quantizeHint);
    if (value.kind === "input")
      return this.report("unquantized", `${name} is the graph's float input`, "quantise the input: QuantizeLinear");
    if (value.kind === "constant") return this.report("constant-input", `${name} is a constant`);
    if (value.kind === "host") return this.hostInput(index, value.node);
    return this.report("type", `${name} holds integers, where floats are needed`, "put DequantizeLinear before it");
  }

  /** Scale and zero point of a tensor from two scalar constants; without a zero point it is 0 of the type given. */
  quantization(scaleIndex: number, zeroPointIndex: number, dtype?: Quantization["dtype"]): Quantization | undefined {
    const scales = this.floats(scaleIndex);
    if (scales === undefined) return undefined;
    const left = this.inputName(zeroPointIndex) === "";
    const zero = left && dtype !== undefined ? { dtype, values: [0] } : this.zeroPoints(zeroPointIndex);
    if (zero === undefined) return undefined;
    if (scales.length !== 1 || zero.values.length !== 1)
      return this.report(
        "per-channel",
        `input ${scaleIndex} has ${scales.length} scales and ${zero.values.length} zero points`,
        "activations are quantised per tensor: one scale, one zero point",
      );
    const [scale] = scales;
    if (!(scale > 0 && Number.isFinite(scale)))
      return this.report(
        "scale",
        `scale '${this.inputName(scaleIndex)}' is ${scale}, not a positive number`,
        "calibrate again",
      );
    return { dtype: zero.dtype, scale, zeroPoint: zero.values[0] };
  }

  /** A view of an input or result that must have the four dimensions of a feature map. */
  map(view: View | undefined): View | undefined {
    return view && featureView(this, view);
  }

  /** An integer list from a constant input (int64 or int32). */
  integers(index: number): readonly number[] | undefined {
    const tensor = this.constant(index);
    if (tensor === undefined) return undefined;
    const constant = integerConstant(tensor);
    if (!("problem" in constant)) return constant.values;
    return this.report("constant", `input ${index} '${tensor.name}': ${constant.problem}`);
  }

  /** An integer list from an attribute (older operator sets) or from a constant input; undefined where both lack. */
  listed(attribute: string, index: number): readonly number[] | undefined {
    const given = this.attribute(attribute);
    if (given !== undefined) return (given.ints ?? []).map(toNumber);
    return this.inputName(index) === "" ? undefined : this.integers(index);
  }

  /** Element type and first value of a tensor attribute. */
  tensorAttribute(name: string): { readonly type: number; readonly first: number } | undefined {
    const tensor = this.attribute(name)?.t;
    if (!tensor) return undefined;
    const type = tensor.dataType ?? 0;
    const constant = type === ElementType.float ? floatConstant(tensor) : integerConstant(tensor);
    return { type, first: "problem" in constant ? Number.NaN : (constant.values[0] ?? 0) };
  }

  /** One int8 or uint8 number from a constant. */
  byte(index: number): number | undefined {
    return this.zeroPoints(index)?.values[0];
  }

  /** The node as the maker of one of its outputs, which names the layer. */
  part(output: string): ImportNode {
    return new ImportNode({ ...this.#proto, name: output, output: [output] }, this.context, this.owner);
  }

  private hostInput(index: number, maker: ImportNode): undefined {
    return this.report(
      "host",
      `input ${index} '${this.inputName(index)}' is made by ${maker.label}, which only the host computes`,
      "end the network with it, or replace it by an operator that the array runs",
    );
  }

  private zeroPoints(index: number) {
    const zero = this.constant(index);
    if (zero === undefined) return undefined;
    const constant = zero.dataType === ElementType.int8 ? int8Constant(zero) : uint8Constant(zero);
    if (!("problem" in constant))
      return { dtype: constant.values instanceof Int8Array ? "int8" : "uint8", values: constant.values } as const;
    const known = zero.dataType === ElementType.int8 || zero.dataType === ElementType.uint8;
    return this.report(
      "zero-point",
      `zero point '${zero.name}' is ${known ? `unreadable: ${constant.problem}` : elementTypeName(zero.dataType)}`,
      "requantise the network to int8 or uint8",
    );
  }
}

function format({ dtype, scale, zeroPoint }: Quantization): string {
  return `${dtype} with scale ${scale} and zero point ${zeroPoint}`;
}
