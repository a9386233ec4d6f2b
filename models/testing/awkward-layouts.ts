import { operatorNode, valueInfo } from "../onnx/proto.ts";
import { type AwkwardCase, follow } from "./awkward.ts";

/** Graphs refused for shapes, layouts, inputs and outputs. */
export const layoutCases: readonly AwkwardCase[] = [
  [
    "linear upsampling",
    (g) => {
      g.named("scales", [4], Float32Array.of(1, 1, 2, 2));
      g.node("Resize", ["a", "", "scales"], "c", { mode: { text: "linear" } });
      g.finish("c");
    },
    "Resize 'the_c'",
    "attribute mode is 'linear'",
  ],
  [
    "upsampling by 3",
    (g) => {
      g.named("scales", [4], Float32Array.of(1, 1, 3, 3));
      g.node("Resize", ["a", "", "scales"], "c", { coordinate_transformation_mode: { text: "asymmetric" } });
      g.finish("c");
    },
    "Resize 'the_c'",
    "it scales by 3 x 3",
  ],
  [
    "upsampling that shifts",
    (g) => {
      g.named("scales", [4], Float32Array.of(1, 1, 2, 2));
      g.node("Resize", ["a", "", "scales"], "c", { nearest_mode: { text: "ceil" } });
      g.finish("c");
    },
    "Resize 'the_c'",
    "nearest_mode 'ceil' do not repeat pixels evenly",
  ],
  ["a transposition of pixels", follow("Transpose", { perm: [0, 1, 3, 2] }), "Transpose 'the_c'", "it moves pixels"],
  ["a permutation of nothing", follow("Transpose", { perm: [0, 1, 1, 3] }), "Transpose 'the_c'", "perm is [0,1,1,3]"],
  [
    "a concatenation of rows",
    (g) => {
      g.node("Concat", ["a", "a"], "c", { axis: 2 });
      g.finish("c");
    },
    "Concat 'the_c'",
    "attribute axis is 2",
  ],
  [
    "a sum that is broadcast",
    (g) => {
      g.node("GlobalAveragePool", ["a"], "b");
      g.node("QuantizeLinear", ["b", "s", "z"], "bq");
      g.node("DequantizeLinear", ["bq", "s", "z"], "br");
      g.node("Add", ["a", "br"], "c");
      g.finish("c");
    },
    "Add 'the_c'",
    "operands of shapes [1,4,6,6] and [1,4,1,1]",
  ],
  [
    "a constant map that is added",
    (g) => {
      g.named("map", [1, 4, 6, 6], new Float32Array(144));
      g.node("Conv", ["a", "weights"], "b", { pads: [1, 1, 1, 1] });
      g.node("Add", ["b", "map"], "c");
      g.finish("c");
    },
    "Add 'the_c'",
    "is not a bias per channel",
  ],
  [
    "a reshape that does not fit",
    (g) => {
      g.node("Reshape", ["a", g.integers(1, 5, -1)], "c");
      g.finish("c");
    },
    "Reshape 'the_c'",
    "does not fit the 144 values",
  ],
  [
    "a reshape that is computed",
    (g) => {
      g.node("NonZero", ["a"], "shape");
      g.node("Reshape", ["a", "shape"], "c");
      g.finish("c");
    },
    "NonZero 'the_shape'",
    "operator NonZero is not supported",
  ],
  [
    "maps that were reshaped",
    (g) => {
      g.node("Reshape", ["a", g.integers(1, 6, 6, 4)], "b");
      g.conv({}, ["b", "weights"]);
    },
    "Conv 'the_c'",
    "its input has shape [1,6,6,4], reshaped from a 4x6x6 map",
  ],
  [
    "reflecting padding",
    (g) => {
      g.node("Pad", ["a", g.integers(0, 0, 1, 1, 0, 0, 1, 1)], "c", { mode: { text: "reflect" } });
      g.finish("c");
    },
    "Pad 'the_c'",
    "attribute mode is 'reflect'",
  ],
  [
    "padding by one",
    (g) => {
      g.named("one", [], Float32Array.of(1));
      g.node("Pad", ["a", g.integers(0, 0, 1, 1, 0, 0, 1, 1), "one"], "c");
      g.finish("c");
    },
    "Pad 'the_c'",
    "it pads with 1",
  ],
  [
    "batch normalisation by itself",
    (g) => {
      g.node("BatchNormalization", ["a", "ws", "ws", "ws", "ws"], "c");
      g.finish("c");
    },
    "BatchNormalization 'the_c'",
    "is not the result of a Conv or Gemm",
  ],
  [
    "a mean over channels",
    (g) => {
      g.node("ReduceMean", ["a"], "c", { axes: [1] });
      g.finish("c");
    },
    "ReduceMean 'the_c'",
    "attribute axes is [1]",
  ],
  [
    "a split that does not come out",
    (g) => {
      g.nodes.push(operatorNode("Split", "parts", ["a", g.integers(1, 2)], ["c", "d"], { axis: 1 }));
      g.finish("c");
    },
    "Split 'parts'",
    "parts [1,2] do not make up the 4 of axis 1",
  ],
  [
    "16-bit activations",
    (g) => {
      g.constants.push({ name: "z16", dims: [], dataType: 4, int32Data: [7] });
      g.node("QuantizeLinear", ["a", "s", "z16"], "y");
    },
    "QuantizeLinear 'the_y'",
    "zero point 'z16' is uint16",
  ],
  [
    "a Gemm of unflattened maps",
    (g) => {
      g.named("m", [5, 144], new Int8Array(720));
      g.node("DequantizeLinear", ["m", "s", ""], "matrix");
      g.node("Gemm", ["a", "matrix"], "c", { transB: 1 });
      g.finish("c");
    },
    "Gemm 'the_c'",
    "of shape [1,4,6,6]",
  ],
  ["a cycle", (g) => g.conv({}, ["y", "weights"]), "Conv 'the_c'", "input 0 'y' is not made by an earlier node"],
  [
    "a float output",
    (g) => {
      g.node("Conv", ["a", "weights"], "y");
    },
    "output 'y'",
    "the graph's output is not quantised",
  ],
  [
    "a second output that is not quantised",
    (g) => {
      g.conv({});
      g.outputs.push(valueInfo("c", "float", [1, 4, 4, 4]));
    },
    "output 'c'",
    "the graph's output is not quantised",
  ],
  [
    "a float input that is not quantised",
    (g) => {
      g.inputs = [valueInfo("x", "float", [1, 4, 6, 6])];
      g.nodes.length = 0;
      g.node("DequantizeLinear", ["w", "ws", "wz"], "weights", { axis: 0 });
      g.conv({}, ["x", "weights"]);
    },
    "Conv 'the_c'",
    "input 0 'x' is the graph's float input",
  ],
];
