import { operatorNode } from "../onnx/proto.ts";
import type { Attributes } from "./onnx-parts.ts";
import { QdqGraph, type Quantized } from "./qdq-graph.ts";

/** Builds ONNX graphs in QDQ form, uint8 activations and int8 weights per channel, as onnxruntime's quantiser writes them. */
export class QdqBuilder extends QdqGraph {
  conv(
    channels: number,
    shape: { readonly kernel: number; readonly groups: number; readonly stride?: number; readonly pad?: number },
    after: readonly ("Relu" | "Clip" | "BatchNormalization")[] = [],
  ): void {
    const { kernel, groups, stride = 1, pad = 0 } = shape;
    const [, inputs, height, width] = this.current.dims;
    const weights = this.weights([channels, inputs / groups, kernel, kernel], 0, channels);
    const attributes = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      group: groups,
      pads: [pad, pad, pad, pad],
    };
    let name = this.node("Conv", [this.current.name, ...weights], attributes);
    for (const operator of after) name = this.follow(operator, name, channels);
    const extent = (one: number): number => Math.floor((one + 2 * pad - kernel) / stride) + 1;
    this.quantize(name, [1, channels, extent(height), extent(width)], this.random.scale(0.01, 0.05));
  }

  gemm(outputs: number): void {
    const depth = this.current.dims[1];
    const name = this.node("Gemm", [this.current.name, ...this.weights([outputs, depth], 0, outputs)], {
      transB: 1,
    });
    this.quantize(name, [1, outputs], 0.05);
  }

  matmul(outputs: number): void {
    const depth = this.current.dims[1];
    const [weights] = this.weights([depth, outputs], 1, outputs);
    this.quantize(this.node("MatMul", [this.current.name, weights]), [1, outputs], 0.05);
  }

  add(other: Quantized): void {
    this.quantize(this.node("Add", [this.current.name, other.name]), this.current.dims, 0.04);
  }

  concat(other: Quantized): void {
    const [, channels, height, width] = this.current.dims;
    const name = this.node("Concat", [other.name, this.current.name], { axis: 1 });
    this.quantize(name, [1, channels + other.dims[1], height, width], 0.03);
  }

  unary(operator: string, attributes: Attributes = {}, { sameScale = false } = {}): void {
    const name = this.node(operator, [this.current.name], attributes);
    this.quantize(name, this.dimsAfter(operator), sameScale ? undefined : 0.015);
  }

  resize(): void {
    const scales = this.constant([4], Float32Array.of(1, 1, 2, 2));
    const name = this.node("Resize", [this.current.name, "", scales], {
      mode: { text: "nearest" },
      coordinate_transformation_mode: { text: "half_pixel" },
      nearest_mode: { text: "round_prefer_floor" },
    });
    const [, channels, height, width] = this.current.dims;
    this.quantize(name, [1, channels, 2 * height, 2 * width], undefined);
  }

  /** Reshape, Transpose, Reshape, all quantised alike. */
  shuffle(groups: number): void {
    const [, channels, height, width] = this.current.dims;
    const split = [1, groups, channels / groups, height, width];
    this.reshape(split);
    const name = this.node("Transpose", [this.current.name], { perm: [0, 2, 1, 3, 4] });
    this.quantize(name, [1, channels / groups, groups, height, width], undefined);
    this.reshape([1, channels, height, width]);
  }

  /** Halves of the channels, exchanged. */
  splitConcat(): void {
    const { name, dims, quantization } = this.current;
    const [, channels, height, width] = dims;
    const halves = [`half${this.count}`, `rest${this.count}`];
    this.nodes.push(operatorNode("Split", `split${this.count++}`, [name], halves, { axis: 1 }));
    const parts = halves.map((half) => {
      this.current = { name, dims, quantization };
      this.quantize(half, [1, channels / 2, height, width], undefined);
      return this.current;
    });
    this.current = parts[0];
    this.concat(parts[1]);
  }

  pad([top, left, bottom, right]: readonly [number, number, number, number]): void {
    const [, channels, height, width] = this.current.dims;
    const pads = this.integers(0, 0, top, left, 0, 0, bottom, right);
    const name = this.node("Pad", [this.current.name, pads]);
    this.quantize(name, [1, channels, height + top + bottom, width + left + right], undefined);
  }

  /** Quantised weights, and a bias in the accumulator's units. */
  protected weights(dims: readonly number[], axis: number, channels: number): readonly [string, string] {
    const random = this.random;
    const depth = dims.reduce((product, extent) => product * extent, 1) / channels;
    const scales = new Float32Array(channels).map(() => random.scale(0.002, 0.01) / Math.sqrt(depth / 8));
    const values = new Int8Array(channels * depth).map(() => random.integer(-127, 127));
    const weights = `weights_${this.count}`;
    const bias = `bias_${this.count}`;
    const dequantize = (
      data: string,
      units: Float32Array,
      zeros: Int8Array | Int32Array,
      along: number,
      to: string,
    ) => {
      const inputs = [data, this.constant([channels], units), this.constant([channels], zeros)];
      this.nodes.push(operatorNode("DequantizeLinear", `dq_${to}`, inputs, [to], { axis: along }));
    };
    dequantize(this.constant(dims, values), scales, new Int8Array(channels), axis, weights);
    const units = scales.map((scale) => Math.fround(scale * this.current.quantization.scale));
    const offsets = new Int32Array(channels).map(() => random.integer(-2000, 2000));
    dequantize(this.constant([channels], offsets), units, new Int32Array(channels), 0, bias);
    return [weights, bias];
  }

  protected follow(operator: "Relu" | "Clip" | "BatchNormalization", input: string, channels: number): string {
    const random = this.random;
    if (operator === "Relu") return this.node("Relu", [input]);
    if (operator === "Clip")
      return this.node("Clip", [input, this.constant([], Float32Array.of(0)), this.constant([], Float32Array.of(2.5))]);
    const drawn = (lo: number, hi: number) =>
      this.constant(
        [channels],
        new Float32Array(channels).map(() => lo + (hi - lo) * random.real()),
      );
    return this.node("BatchNormalization", [input, drawn(-1.5, 1.5), drawn(-1, 1), drawn(-1, 1), drawn(0.5, 2)]);
  }

  protected reshape(dims: readonly number[]): void {
    this.quantize(this.node("Reshape", [this.current.name, this.integers(...dims)]), dims, undefined);
  }

  protected dimsAfter(operator: string): readonly number[] {
    const [, channels, height, width] = this.current.dims;
    if (operator === "Flatten") return [1, channels * height * width];
    if (operator === "GlobalAveragePool") return [1, channels, 1, 1];
    return [1, channels, Math.ceil(height / 2), Math.ceil(width / 2)];
  }
}
