import { valueInfo } from "../onnx/proto.ts";
import { Convention, imageInput, sameSize, type Written } from "./conventions.ts";

const microsoft = "com.microsoft";

/** onnxruntime's quantize_static with QuantFormat.QDQ, per channel: names and order as it writes them. */
export function quantizerQdq(): Written {
  const c = new Convention();
  const x = c.pair("x", 0.02, Uint8Array.of(114));
  const scales = c.floats(8, 0.001, 0.004);
  c.named("w_scale", [8], scales);
  c.named("w_zero_point", [8], new Int8Array(8));
  c.named("w_quantized", [8, 3, 3, 3], c.int8(216));
  c.named(
    "b_quantized_scale",
    [8],
    scales.map((scale) => Math.fround(scale * Math.fround(0.02))),
  );
  c.named("b_quantized_zero_point", [8], new Int32Array(8));
  c.named("b_quantized", [8], c.int32(8));
  c.node("DequantizeLinear", ["w_quantized", "w_scale", "w_zero_point"], "w_DequantizeLinear_Output", { axis: 0 });
  c.node("DequantizeLinear", ["b_quantized", "b_quantized_scale", "b_quantized_zero_point"], "b", { axis: 0 });
  c.node("Conv", [x, "w_DequantizeLinear_Output", "b"], "conv", sameSize);
  c.node("Relu", ["conv"], "relu");
  const relu = c.pair("relu", 0.015, Uint8Array.of(0));
  c.node("MaxPool", [relu], "pool", { kernel_shape: [2, 2], strides: [2, 2] });
  const pool = c.pair("pool", 0.015, Uint8Array.of(0));
  c.node("GlobalAveragePool", [pool], "mean");
  const mean = c.pair("mean", 0.01, Uint8Array.of(0));
  c.node("Flatten", [mean], "flat", { axis: 1 });
  const flat = c.pair("flat", 0.01, Uint8Array.of(0));
  c.named("fc_quantized", [5, 8], c.int8(40));
  c.node("DequantizeLinear", ["fc_quantized", ...c.scales("fc", 0.01, Int8Array.of(0))], "fc");
  c.named("fcb_quantized", [5], c.int32(5));
  const fcScale = Math.fround(Math.fround(0.01) * Math.fround(0.01));
  c.node("DequantizeLinear", ["fcb_quantized", ...c.scales("fcb", fcScale, Int32Array.of(0))], "fcb");
  c.node("Gemm", [flat, "fc", "fcb"], "y", { transB: 1, alpha: { float: 1 }, beta: { float: 1 } });
  c.pair("y", 0.05, Uint8Array.of(128));
  return c.written(imageInput, [valueInfo("y_DequantizeLinear_Output", "float", [1, 5])], 13);
}

/** quantize_static with QuantFormat.QOperator: integer operators between QuantizeLinear and DequantizeLinear. */
export function quantizerOperators(): Written {
  const c = new Convention();
  const s = (name: string, scale: number, zero: number) => c.scales(name, scale, Uint8Array.of(zero));
  const x = s("x", 0.02, 114);
  c.node("QuantizeLinear", ["x", ...x], "x_quantized");
  c.named("w_quantized", [8, 3, 3, 3], c.int8(216));
  const w = c.scales("w", 0.002, Int8Array.of(0));
  const conv = s("conv", 0.02, 121);
  const b = c.named("b_quantized", [8], c.int32(8));
  c.node("QLinearConv", ["x_quantized", ...x, "w_quantized", ...w, ...conv, b], "conv_quantized", sameSize);
  c.named("v_quantized", [8, 8, 1, 1], c.int8(64));
  const side = s("side", 0.03, 130);
  c.node("QLinearConv", ["conv_quantized", ...conv, "v_quantized", ...w, ...side], "side_quantized", {});
  const sum = s("sum", 0.04, 125);
  c.node("QLinearAdd", ["conv_quantized", ...conv, "side_quantized", ...side, ...sum], "sum_quantized", {}, microsoft);
  const all = s("all", 0.04, 126);
  const parts = ["sum_quantized", ...sum, "side_quantized", ...side];
  c.node("QLinearConcat", [...all, ...parts], "all_quantized", { axis: 1 }, microsoft);
  const mean = s("mean", 0.01, 120);
  c.node(
    "QLinearGlobalAveragePool",
    ["all_quantized", ...all, ...mean],
    "mean_quantized",
    { channels_last: 0 },
    microsoft,
  );
  c.node("Squeeze", ["mean_quantized", c.named("axes", [2], BigInt64Array.of(2n, 3n))], "flat_quantized");
  c.named("m_quantized", [16, 5], c.int8(80));
  const m = c.scales("m", 0.005, Int8Array.of(0));
  const y = s("y", 0.02, 128);
  c.node("QLinearMatMul", ["flat_quantized", ...mean, "m_quantized", ...m, ...y], "y_quantized");
  c.node("DequantizeLinear", ["y_quantized", ...y], "y");
  return c.written(imageInput, [valueInfo("y", "float", [1, 5])], 13, { exactUnfused: true });
}
