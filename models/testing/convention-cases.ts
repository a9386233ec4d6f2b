import { valueInfo } from "../onnx/proto.ts";
import { quantizerOperators, quantizerQdq } from "./convention-quantizer.ts";
import { Convention, imageInput, sameSize, type Written } from "./conventions.ts";

const last = { dims: [1, 9, 8, 3], dtype: "float32" } as const;

/** PyTorch's export of a converted model: float constants quantised in the graph, biases by Div and Cast. */
function pytorch(): Written {
  const c = new Convention();
  const scale = c.constantNode("s64", [], Float32Array.of(0.02));
  const zero = c.constantNode("z64", [], BigInt64Array.of(64n));
  c.node("Cast", [scale], "s", { to: 1 });
  c.node("Cast", [zero], "z", { to: 2 });
  c.node("QuantizeLinear", ["x", "s", "z"], "xq");
  c.node("DequantizeLinear", ["xq", "s", "z"], "xr");
  const ws = c.constantNode("ws", [8], c.floats(8, 0.001, 0.004));
  const wz = c.constantNode("wz", [8], new Int8Array(8));
  c.constantNode("w", [8, 3, 3, 3], c.int8(216));
  c.node("DequantizeLinear", ["w", ws, wz], "wr", { axis: 0 });
  c.node("Mul", [ws, "s"], "bs");
  c.node("Shape", ["bs"], "bshape");
  c.node("ConstantOfShape", ["bshape"], "bzf");
  c.node("Cast", ["bzf"], "bz", { to: 6 });
  const bias = c.constantNode(
    "bias",
    [8],
    new Float32Array(8).map(() => c.random.real() - 0.5),
  );
  c.node("Div", [bias, "bs"], "bd");
  c.node("Cast", ["bd"], "bq", { to: 6 });
  c.node("DequantizeLinear", ["bq", "bs", "bz"], "br", { axis: 0 });
  c.node("Conv", ["xr", "wr", "br"], "conv", sameSize);
  c.node("Relu", ["conv"], "relu");
  const rs = c.scales("r", 0.02, Uint8Array.of(0));
  c.node("QuantizeLinear", ["relu", ...rs], "rq");
  c.node("DequantizeLinear", ["rq", ...rs], "rr");
  // x.view(x.size(0), -1)
  c.node("Shape", ["rr"], "shape");
  c.node("Gather", ["shape", c.constantNode("first", [], BigInt64Array.of(0n))], "size", { axis: 0 });
  c.node("Unsqueeze", ["size", c.constantNode("zero", [1], BigInt64Array.of(0n))], "sizes");
  c.node("Concat", ["sizes", c.constantNode("open", [1], BigInt64Array.of(-1n))], "flatShape", { axis: 0 });
  c.node("Reshape", ["rr", "flatShape"], "flat");
  c.constantNode("m", [5, 576], c.int8(2880));
  const ms = c.scales("m", 0.002, Int8Array.of(0));
  c.node("DequantizeLinear", ["m", ...ms], "mr");
  c.node("Transpose", ["mr"], "mt", { perm: [1, 0] });
  c.node("MatMul", ["flat", "mt"], "product");
  const ys = c.scales("y", 0.5, Uint8Array.of(128));
  c.node("QuantizeLinear", ["product", ...ys], "yq");
  c.node("DequantizeLinear", ["yq", ...ys], "y");
  return c.written(imageInput, [valueInfo("y", "float", [1, 5])], 13);
}

/** tf2onnx's export of a TensorFlow Lite file: transposed at the input and before it is flattened. */
function tensorflow(): Written {
  const c = new Convention();
  const x = c.pair("x", 0.02, Int8Array.of(-14));
  c.node("Transpose", [x], "first", { perm: [0, 3, 1, 2] });
  c.named("w", [8, 3, 3, 3], c.int8(216));
  c.node(
    "DequantizeLinear",
    ["w", c.named("ws", [8], c.floats(8, 0.001, 0.004)), c.named("wz", [8], new Int8Array(8))],
    "wr",
    { axis: 0 },
  );
  c.node("Conv", ["first", "wr"], "conv", { auto_pad: { text: "SAME_UPPER" }, kernel_shape: [3, 3], strides: [2, 2] });
  const conv = c.pair("conv", 0.02, Int8Array.of(-128));
  c.node("Transpose", [conv], "back", { perm: [0, 2, 3, 1] });
  c.node("Reshape", ["back", c.named("shape", [2], BigInt64Array.of(1n, -1n))], "flat");
  c.named("m", [160, 5], c.int8(800));
  c.node("DequantizeLinear", ["m", ...c.scales("m", 0.004, Int8Array.of(0))], "mr");
  c.node("MatMul", ["flat", "mr"], "logits");
  const logits = c.pair("logits", 0.05, Int8Array.of(3));
  c.node("Softmax", [logits], "p", { axis: 1 });
  c.pair("p", 1 / 256, Int8Array.of(-128));
  const outputs = [valueInfo("p_DequantizeLinear_Output", "float", [1, 5]), valueInfo(logits, "float", [1, 5])];
  return c.written(last, outputs, 15, { host: ["Softmax"] });
}

/** A network of maps, channels last at both ends, with a mean over the middle axes beside it. */
function channelsLast(): Written {
  const c = new Convention();
  c.node("Transpose", ["x"], "first", { perm: [0, 3, 1, 2] });
  const x = c.pair("first", 0.02, Uint8Array.of(120));
  c.node("DequantizeLinear", [c.named("w", [4, 3, 1, 1], c.int8(12)), ...c.scales("w", 0.01, Int8Array.of(0))], "wr");
  c.node("Conv", [x, "wr"], "conv", {});
  const conv = c.pair("conv", 0.03, Uint8Array.of(120));
  c.node("Transpose", [conv], "back", { perm: [0, 2, 3, 1] });
  const back = c.pair("back", 0.03, Uint8Array.of(120));
  c.node("Concat", [back, back], "both", { axis: -1 });
  const both = c.pair("both", 0.04, Uint8Array.of(121));
  c.node("ReduceMean", [back], "mean", { axes: [1, 2], keepdims: 0 });
  const mean = c.pair("mean", 0.005, Uint8Array.of(100));
  const outputs = [valueInfo(both, "float", [1, 9, 8, 8]), valueInfo(mean, "float", [1, 4])];
  return c.written(last, outputs, 13);
}

/** uint8 weights around 128, and around other zero points that leave them within int8. */
function unsignedWeights(): Written {
  const c = new Convention();
  const x = c.pair("x", 0.02, Uint8Array.of(114));
  c.named(
    "w",
    [8, 3, 3, 3],
    Uint8Array.from(c.int8(216), (q) => q + 128),
  );
  c.node("DequantizeLinear", ["w", ...c.scales("w", 0.002, Uint8Array.of(128))], "wr");
  c.node("Conv", [x, "wr"], "conv", sameSize);
  const conv = c.pair("conv", 0.02, Uint8Array.of(121));
  c.named(
    "v",
    [4, 8, 1, 1],
    Uint8Array.from(c.int8(32), (q) => 80 + (q >> 1)),
  );
  c.node("DequantizeLinear", ["v", ...c.scales("v", 0.004, Uint8Array.of(73))], "vr");
  c.node("Conv", [conv, "vr"], "y", {});
  const y = c.pair("y", 0.02, Uint8Array.of(121));
  return c.written(imageInput, [valueInfo(y, "float", [1, 4, 9, 8])], 13);
}

/** Each tool's patterns. */
export const conventions: readonly (readonly [tool: string, write: () => Written])[] = [
  ["ONNX Runtime's quantiser, QDQ", quantizerQdq],
  ["ONNX Runtime's quantiser, QOperator", quantizerOperators],
  ["PyTorch", pytorch],
  ["tf2onnx", tensorflow],
  ["channels last at both ends", channelsLast],
  ["uint8 weights", unsignedWeights],
];
