import { type AwkwardCase, follow } from "./awkward.ts";

/** Graphs refused for convolutions and what stands between them. */
export const operatorCases: readonly AwkwardCase[] = [
  ["a dilated convolution", (g) => g.conv({ dilations: [2, 2] }), "Conv 'the_c'", "attribute dilations is [2,2]"],
  ["a group count that does not fit", (g) => g.conv({ group: 2 }), "Conv 'the_c'", "in 2 groups take 8 channels"],
  ["a convolution in one dimension", (g) => g.conv({ kernel_shape: [3] }), "Conv 'the_c'", "kernel_shape is [3]"],
  ["an unknown automatic padding", (g) => g.conv({ auto_pad: { text: "SAME" } }), "Conv 'the_c'", "auto_pad is 'SAME'"],
  ["an unknown attribute", (g) => g.conv({ activation: 1 }), "Conv 'the_c'", "attribute activation is not known"],
  ["float weights", (g) => g.conv({}, ["a", "ws"]), "Conv 'the_c'", "weights 'ws' are not quantised"],
  ["weights that are no constant", (g) => g.conv({}, ["a", "a"]), "Conv 'the_c'", "input 1 'a' is not a constant"],
  [
    "weights with scales for another axis",
    (g) => {
      g.node("DequantizeLinear", ["w", "ws", "wz"], "others", { axis: 1 });
      g.conv({}, ["a", "others"]);
    },
    "Conv 'the_c'",
    "attribute axis of the weights' DequantizeLinear is 1",
  ],
  [
    "asymmetric weights",
    (g) => {
      g.named("w8", [4, 4, 3, 3], new Uint8Array(144));
      g.named("wz8", [4], Uint8Array.of(128, 128, 127, 129));
      g.node("DequantizeLinear", ["w8", "ws", "wz8"], "others", { axis: 0 });
      g.conv({}, ["a", "others"]);
    },
    "Conv 'the_c'",
    "a weight is 0 with zero point 129: the difference -129 is outside [-128, 127]",
  ],
  [
    "operators without quantisation between",
    (g) => {
      g.node("Conv", ["a", "weights"], "b", { pads: [1, 1, 1, 1] });
      g.conv({}, ["b", "weights"]);
    },
    "Conv 'the_c'",
    "input 0 'b', made by Conv 'the_b', is not quantised",
  ],
  [
    "a clip that is not quantised",
    (g) => {
      g.named("top", [], Float32Array.of(1.01));
      g.node("Clip", ["a", "", "top"], "b");
      g.conv({}, ["b", "weights"]);
    },
    "Conv 'the_c'",
    "clipped to [-Infinity, 1.0",
  ],
  ["softplus", follow("Softplus"), "Softplus 'the_c'", "operator Softplus is not supported"],
  [
    "a sigmoid within",
    (g) => {
      g.node("Sigmoid", ["a"], "p");
      g.conv({}, ["p", "weights"]);
    },
    "Conv 'the_c'",
    "input 0 'p' is made by Sigmoid 'the_p', which only the host computes",
  ],
  [
    "a softmax of what is not quantised",
    (g) => {
      g.node("Conv", ["a", "weights"], "b", { pads: [1, 1, 1, 1] });
      g.node("Softmax", ["b"], "y", { axis: 1 });
    },
    "Softmax 'the_y'",
    "input 0 'b', made by Conv 'the_b', is not quantised",
  ],
  [
    "a negative batch normalisation of a weight of -128",
    (g) => {
      g.named("w8", [4, 4, 3, 3], new Int8Array(144).fill(-128));
      g.named("minus", [4], new Float32Array(4).fill(-1));
      g.node("DequantizeLinear", ["w8", "ws", "wz"], "others", { axis: 0 });
      g.node("Conv", ["a", "others"], "b", { pads: [1, 1, 1, 1] });
      g.node("BatchNormalization", ["b", "minus", "ws", "ws", "ws"], "c");
      g.finish("c");
    },
    "BatchNormalization 'the_c'",
    "it turns the sign of a weight of -128",
  ],
  [
    "16-bit weights",
    (g) => {
      g.constants.push({ name: "w16", dims: [4, 4, 3, 3], dataType: 5, rawData: new Uint8Array(288) });
      g.node("DequantizeLinear", ["w16", "ws"], "others", { axis: 0 });
      g.conv({}, ["a", "others"]);
    },
    "DequantizeLinear 'the_others'",
    "input 0 'w16' is int16",
  ],
  [
    "4-bit weights",
    (g) => {
      g.constants.push({ name: "w4", dims: [4, 4, 3, 3], dataType: 22, rawData: new Uint8Array(72) });
      g.node("DequantizeLinear", ["w4", "ws"], "others", { axis: 0 });
      g.conv({}, ["a", "others"]);
    },
    "DequantizeLinear 'the_others'",
    "input 0 'w4' is int4",
  ],
  [
    "weights quantised along two axes",
    (g) => {
      g.named("ws2", [4, 4], new Float32Array(16).fill(0.01));
      g.named("wz2", [4, 4], new Int8Array(16));
      g.node("DequantizeLinear", ["w", "ws2", "wz2"], "others", { axis: 0, block_size: 1 });
      g.conv({}, ["a", "others"]);
    },
    "DequantizeLinear 'the_others'",
    "16 scales along axis 0 (block_size 1)",
  ],
];
