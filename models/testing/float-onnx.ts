import { operatorNode } from "../onnx/proto.ts";
import { FloatGraph, type FloatValue } from "./float-graph.ts";
import type { Attributes } from "./onnx-parts.ts";

/** Builds float ONNX graphs operator by operator, as PyTorch exports them, with random weights. */
export class FloatBuilder extends FloatGraph {
  conv(
    channels: number,
    shape: {
      readonly kernel: readonly [number, number];
      readonly groups: number;
      readonly stride?: number;
      readonly pads?: readonly [number, number, number, number];
    },
    bias = true,
  ): void {
    const { kernel, groups, stride = 1, pads = [0, 0, 0, 0] } = shape;
    const [, inputs, height, width] = this.current.dims;
    const depth = (inputs / groups) * kernel[0] * kernel[1];
    const weights = this.constant([channels, inputs / groups, ...kernel], this.drawn(channels * depth, 1, depth));
    const operands = [weights, ...(bias ? [this.constant([channels], this.drawn(channels, 0.2))] : [])];
    const extent = (one: number, axis: 0 | 1): number =>
      Math.floor((one + pads[axis] + pads[axis + 2] - kernel[axis]) / stride) + 1;
    const attributes = { kernel_shape: kernel, group: groups, strides: [stride, stride], pads };
    this.apply("Conv", operands, attributes, [1, channels, extent(height, 0), extent(width, 1)]);
  }

  batchNormalization(): void {
    const [, channels] = this.current.dims;
    const values = (lo: number, hi: number): string =>
      this.constant(
        [channels],
        new Float32Array(channels).map(() => lo + (hi - lo) * this.random.real()),
      );
    this.apply("BatchNormalization", [values(-1.5, 1.5), values(-1, 1), values(-1, 1), values(0.5, 2)], {
      epsilon: { float: 1e-3 },
    });
  }

  relu(): void {
    this.apply("Relu");
  }

  clip(hi: number): void {
    this.apply("Clip", [this.constant([], Float32Array.of(0)), this.constant([], Float32Array.of(hi))]);
  }

  /** Add, Sub, Mul or Div by a constant per channel. */
  withConstant(operator: string): void {
    const [, channels] = this.current.dims;
    const dims = this.current.dims.length === 2 ? [channels] : [channels, 1, 1];
    this.apply(operator, [
      this.constant(
        dims,
        this.drawn(channels, 0.5).map((value) => value + 1),
      ),
    ]);
  }

  add(other: FloatValue): void {
    this.apply("Add", [other.name]);
  }

  concat(other: FloatValue): void {
    const [, channels, height, width] = this.current.dims;
    this.apply("Concat", [other.name], { axis: 1 }, [1, channels + other.dims[1], height, width]);
  }

  /** MaxPool or AveragePool. */
  pool(operator: string, kernel: number, stride: number, pad: number, attributes: Attributes = {}): void {
    const [, channels, height, width] = this.current.dims;
    const round = attributes.ceil_mode === 1 ? Math.ceil : Math.floor;
    const extent = (one: number): number => {
      const outputs = round((one + 2 * pad - kernel) / stride) + 1;
      return (outputs - 1) * stride >= one + pad ? outputs - 1 : outputs;
    };
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
    this.apply(operator, [], { ...window, ...attributes }, [1, channels, extent(height), extent(width)]);
  }

  upsample(): void {
    const [, channels, height, width] = this.current.dims;
    const scales = this.constant([4], Float32Array.of(1, 1, 2, 2));
    const modes = { coordinate_transformation_mode: { text: "asymmetric" }, nearest_mode: { text: "floor" } };
    this.apply("Resize", ["", scales], { mode: { text: "nearest" }, ...modes }, [1, channels, 2 * height, 2 * width]);
  }

  pad(top: number, left: number, bottom: number, right: number): void {
    const [, channels, height, width] = this.current.dims;
    const pads = this.integers(0, 0, top, left, 0, 0, bottom, right);
    this.apply("Pad", [pads], {}, [1, channels, height + top + bottom, width + left + right]);
  }

  /** Reshape, Transpose, Reshape. */
  shuffle(groups: number): void {
    const { dims } = this.current;
    const [, channels, height, width] = dims;
    this.reshape([1, groups, channels / groups, height, width]);
    this.apply("Transpose", [], { perm: [0, 2, 1, 3, 4] }, [1, channels / groups, groups, height, width]);
    this.reshape(dims);
  }

  /** The two halves of the channels. */
  split(): readonly [FloatValue, FloatValue] {
    const [, channels, height, width] = this.current.dims;
    const names = ["a", "b"].map((part) => `split${this.count}${part}`);
    this.nodes.push(operatorNode("Split", `split${this.count++}`, [this.current.name], names, { axis: 1 }));
    const [a, b] = names.map((name) => ({ name, dims: [1, channels / 2, height, width] }));
    return [a, b];
  }

  reshape(dims: readonly number[]): void {
    this.apply("Reshape", [this.integers(...dims)], {}, dims);
  }

  globalPool(operator: "GlobalAveragePool" | "ReduceMean"): void {
    const attributes: Attributes = operator === "ReduceMean" ? { axes: [2, 3], keepdims: 1 } : {};
    this.apply(operator, [], attributes, [1, this.current.dims[1], 1, 1]);
  }

  flatten(): void {
    this.apply("Flatten", [], { axis: 1 }, [1, this.current.dims.reduce((product, extent) => product * extent, 1)]);
  }

  gemm(outputs: number): void {
    const [, inputs] = this.current.dims;
    const weights = this.constant([outputs, inputs], this.drawn(outputs * inputs, 1, inputs));
    const bias = this.constant([outputs], this.drawn(outputs, 0.2));
    this.apply("Gemm", [weights, bias], { transB: 1 }, [1, outputs]);
  }

  matmul(outputs: number): void {
    const [, inputs] = this.current.dims;
    const weights = this.constant([inputs, outputs], this.drawn(outputs * inputs, 1, inputs));
    this.apply("MatMul", [weights], {}, [1, outputs]);
    this.apply("Add", [this.constant([outputs], this.drawn(outputs, 0.2))]);
  }
}
