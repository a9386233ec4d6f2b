import type { Quantization } from "../ir/network.ts";
import { type Node, operatorNode, valueInfo } from "../onnx/proto.ts";
import type { Random } from "../random/random.ts";
import { type Attributes, OnnxParts } from "./onnx-parts.ts";
import type { NamedValue } from "./onnxruntime.ts";

/** A tensor that DequantizeLinear made. */
export interface Quantized {
  readonly name: string;
  readonly dims: readonly number[];
  readonly quantization: Quantization;
}

/** An ONNX graph in QDQ form while it is built: what all operators share. */
export class QdqGraph extends OnnxParts {
  protected readonly opset: number;
  protected readonly random: Random;
  protected readonly dims: readonly number[];
  protected count = 0;
  protected last = "";
  current: Quantized;

  constructor(random: Random, dims: readonly number[], opset = 13) {
    super();
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
    const nodes = this.nodes.slice(0, -1);
    change(nodes);
    const output = valueInfo(this.last, "uint8", this.current.dims);
    return this.encode("qdq", [valueInfo("x", "uint8", this.dims)], [output], this.opset, nodes);
  }

  feed(data: Uint8Array): NamedValue {
    return { name: "x", type: "uint8", shape: this.dims, data };
  }

  protected node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = `${operator}_${this.count++}`;
    this.nodes.push(operatorNode(operator, name, inputs, [`${name}_out`], attributes));
    return `${name}_out`;
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
