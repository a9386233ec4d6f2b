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
      g.constant("w8", [4, 4, 3, 3], new Uint8Array(144));
      g.constant("wz8", [4], Uint8Array.of(128, 128, 127, 128));
      g.node("DequantizeLinear", ["w8", "ws", "wz8"], "others", { axis: 0 });
      g.conv({}, ["a", "others"]);
    },
    "Conv 'the_c'",
    "weight zero points are not 128: 128,127",
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
      g.constant("top", [], Float32Array.of(1.01));
      g.node("Clip", ["a", "", "top"], "b");
      g.conv({}, ["b", "weights"]);
    },
    "Conv 'the_c'",
    "clipped to [-Infinity, 1.0",
  ],
  ["softmax", follow("Softmax", { axis: 1 }), "Softmax 'the_c'", "operator Softmax is not supported"],
];
