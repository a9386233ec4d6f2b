import type { Quantization } from "../ir/network.ts";
import {
  type AttributeValue,
  encodeModel,
  initializer,
  type Node,
  operatorNode,
  type Tensor,
  valueInfo,
} from "../onnx/proto.ts";
import type { Random } from "../random/random.ts";
import type { NamedValue } from "./onnxruntime.ts";

/** A tensor that DequantizeLinear made. */
export interface Quantized {
  readonly name: string;
  readonly dims: readonly number[];
  readonly quantization: Quantization;
}

/** An ONNX graph in QDQ form while it is built: what all operators share. */
export class QdqGraph {
  protected readonly opset: number;
  protected readonly random: Random;
  protected readonly dims: readonly number[];
  protected readonly nodes: Node[] = [];
  protected readonly constants: Tensor[] = [];
  protected count = 0;
  protected last = "";
  current: Quantized;

  constructor(random: Random, dims: readonly number[], opset = 13) {
    this.opset = opset;
    this.random = random;
    this.dims = dims;
    const quantization = { dtype: "uint8", scale: Math.fround(0.02), zeroPoint: 117 } as const;
    this.current = { name: "x", dims, quantization };
    this.current = this.dequantize("x", dims, quantization);
  }

  get outputName(): string {
    return this.last;
  }

  /** The model, whose output is the last quantised tensor, and a random input. */
  build(): { readonly bytes: Uint8Array; readonly input: Uint8Array } {
    const length = this.dims.reduce((product, extent) => product * extent, 1);
    const input = new Uint8Array(length).map(() => this.random.integer(0, 255));
    return { bytes: this.rearranged(() => {}), input };
  }

  /** The model after a change to the list of its nodes. */
  rearranged(change: (nodes: Node[]) => void): Uint8Array {
    const node = this.nodes.slice(0, -1);
    change(node);
    return encodeModel(
      {
        name: "qdq",
        node,
        initializer: this.constants,
        input: [valueInfo("x", "uint8", this.dims)],
        output: [valueInfo(this.last, "uint8", this.current.dims)],
      },
      this.opset,
    );
  }

  feed(data: Uint8Array): NamedValue {
    return { name: "x", type: "uint8", shape: this.dims, data };
  }

  protected node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const name = `${operator}_${this.count++}`;
    this.nodes.push(operatorNode(operator, name, inputs, [`${name}_out`], attributes));
    return `${name}_out`;
  }

  protected constant(dims: readonly number[], data: Parameters<typeof initializer>[2]): string {
    const name = `constant_${this.constants.length}`;
    this.constants.push(initializer(name, dims, data));
    return name;
  }

  /** QuantizeLinear and DequantizeLinear with a scale of its own, or with that of before. */
  protected quantize(name: string, dims: readonly number[], scale: number | undefined): void {
    const quantization: Quantization =
      scale === undefined
        ? this.current.quantization
        : { dtype: "uint8", scale: Math.fround(scale), zeroPoint: this.random.integer(90, 150) };
    const quantized = `${name}_q`;
    const inputs = [name, this.constant([], Float32Array.of(quantization.scale)), this.zeroPoint(quantization)];
    this.nodes.push(operatorNode("QuantizeLinear", `${name}_quantize`, inputs, [quantized]));
    this.current = this.dequantize(quantized, dims, quantization);
  }

  protected dequantize(quantized: string, dims: readonly number[], quantization: Quantization): Quantized {
    this.last = quantized;
    const scale = this.constant([], Float32Array.of(quantization.scale));
    const inputs = [quantized, scale, this.zeroPoint(quantization)];
    const name = `${quantized}_real`;
    this.nodes.push(operatorNode("DequantizeLinear", `${quantized}_dequantize`, inputs, [name]));
    return { name, dims, quantization };
  }

  protected zeroPoint({ zeroPoint }: Quantization): string {
    return this.constant([], Uint8Array.of(zeroPoint));
  }
}
