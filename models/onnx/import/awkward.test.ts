import { describe, expect, it } from "vitest";
import { Awkward, importProblems } from "../../testing/awkward.ts";
import { layoutCases } from "../../testing/awkward-layouts.ts";
import { operatorCases } from "../../testing/awkward-operators.ts";
import { operatorNode } from "../proto.ts";

describe("an awkward ONNX file", () => {
  it("is read while it is not awkward", () => {
    const g = new Awkward();
    g.conv({ pads: [1, 1, 1, 1] });
    expect(importProblems(g.bytes())).toEqual([]);
  });

  it.each([...operatorCases, ...layoutCases])("is refused for %s", (_, change, where, words) => {
    const g = new Awkward();
    change(g);
    const problems = importProblems(g.bytes());
    expect(problems.map(({ path, message }) => `${path}: ${message}`).join("\n")).toContain(words);
    const problem = problems.find(({ message }) => message.includes(words));
    expect(problem?.path).toContain(where);
    expect(problem?.hint ?? "").not.toBe("");
  });

  it.each([10, 22])("is refused for opset %i", (opset) => {
    const g = new Awkward();
    g.conv({ pads: [1, 1, 1, 1] });
    expect(importProblems(g.bytes(opset))[0]).toMatchObject({ code: "onnx/opset", path: "net.onnx" });
  });

  it("is read where older operator sets have attributes instead of inputs", () => {
    const g = new Awkward();
    g.nodes.push(operatorNode("Split", "halves", ["a"], ["left", "right"], { axis: 1, split: [2, 2] }));
    g.node("Unsqueeze", ["right"], "five", { axes: [2] });
    g.node("Squeeze", ["five"], "four", { axes: [2] });
    g.node("Clip", ["four"], "clipped", { min: { float: 0 }, max: { float: 6 } });
    g.node("QuantizeLinear", ["clipped", "s", "z"], "cq");
    g.node("DequantizeLinear", ["cq", "s", "z"], "cr");
    g.node("Concat", ["left", "cr"], "c", { axis: -3 });
    g.finish("c");
    expect(importProblems(g.bytes(11))).toEqual([]);
  });

  it("is refused for everything at once, and not for what follows from it", () => {
    const g = new Awkward();
    g.node("Conv", ["a", "weights"], "b", { dilations: [2, 2] });
    g.node("QuantizeLinear", ["b", "s", "z"], "bq");
    g.node("Softplus", ["a"], "p");
    g.node("Transpose", ["a"], "c", { perm: [0, 1, 3, 2] });
    g.finish("c");
    expect(importProblems(g.bytes()).map(({ path }) => path)).toEqual([
      "net.onnx: Conv 'the_b'",
      "net.onnx: Softplus 'the_p'",
      "net.onnx: Transpose 'the_c'",
    ]);
  });
});
