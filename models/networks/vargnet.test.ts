import { describe, expect, it } from "vitest";
import { countMacs, countParameters } from "../graph/count.ts";
import { graphShapes } from "../graph/shapes.ts";
import { mainOutput } from "../ir/network.ts";
import { problemsOf } from "../testing/problems.ts";
import { type Architecture, type VarGNetOptions, vargnet } from "./vargnet.ts";

/** Architecture, G, scale, MAdds, parameters with the depthwise pool: 224 x 224, 1000 classes. */
const published = [
  ["vargnet-v1", 4, 0.25, 57296384, 1506160],
  ["vargnet-v1", 4, 0.5, 164948992, 2346232],
  ["vargnet-v1", 4, 0.75, 323981824, 3600512],
  ["vargnet-v1", 4, 1, 534394880, 5269000],
  ["vargnet-v1", 8, 0.25, 78746624, 1586224],
  ["vargnet-v1", 8, 0.5, 207849472, 2506360],
  ["vargnet-v1", 8, 0.75, 388332544, 3840704],
  ["vargnet-v1", 8, 1, 620195840, 5589256],
  ["vargnet-v2", 4, 0.25, 36435712, 1336944],
  ["vargnet-v2", 4, 0.5, 96734720, 1799288],
  ["vargnet-v2", 4, 0.75, 181921024, 2467328],
  ["vargnet-v2", 4, 1, 291994624, 3341064],
  ["vargnet-v2", 8, 0.25, 53483008, 1417872],
  ["vargnet-v2", 8, 0.5, 130829312, 1961144],
  ["vargnet-v2", 8, 0.75, 233062912, 2710112],
  ["vargnet-v2", 8, 1, 360183808, 3664776],
] as const;

function problemPaths(architecture: Architecture, options: VarGNetOptions): readonly string[] {
  return problemsOf(() => vargnet(architecture, options)).map(({ path }) => path);
}

describe("vargnet", () => {
  it.each(published)(
    "%s G=%d %fx has the counts of the paper's tables",
    (architecture, group, scale, macs, parameters) => {
      const graph = vargnet(architecture, { group, scale });
      expect(countMacs(graph)).toBe(macs);
      expect(countParameters(graph, true)).toBe(parameters);
    },
  );

  it("halves the map down to 7 x 7", () => {
    const shapes = graphShapes(vargnet("vargnet-v2", { scale: 0.5 }));
    expect(shapes.get("conv1")).toEqual({ channels: 16, height: 112, width: 112 });
    expect(shapes.get("stage1.head/add")).toEqual({ channels: 16, height: 56, width: 56 });
    expect(shapes.get("stage4.normal3/add")).toEqual({ channels: 128, height: 7, width: 7 });
    expect(shapes.get("conv5")).toEqual({ channels: 1024, height: 7, width: 7 });
  });

  it("takes other scales, sizes and class counts", () => {
    const graph = vargnet("vargnet-v1", { scale: 1.5, group: 16, inputSize: 33, classes: 7 });
    const shapes = graphShapes(graph);
    expect(shapes.get("stage4.normal1/add")).toEqual({ channels: 768, height: 2, width: 2 });
    expect(shapes.get("conv5")?.channels).toBe(1536);
    expect(shapes.get(mainOutput(graph))?.channels).toBe(7);
  });

  it("names every convolution that G does not divide", () => {
    const paths = problemPaths("vargnet-v1", { scale: 0.25, group: 16 });
    expect(paths).toEqual(["stage1.down/sep_a.group", "stage1.down/sep_b.group", "stage1.down/shortcut.group"]);
    expect(() => vargnet("vargnet-v1", { scale: 0.25, group: 16 })).toThrow(
      "G = 16 does not divide its 8 input channels (use G = 4 or 8, or a scale that is a multiple of 0.5)",
    );
  });

  it("reports all options out of range at once", () => {
    expect(problemPaths("vargnet-v2", { scale: 0.3, group: 5, inputSize: 0, classes: 1.5 })).toEqual([
      "scale",
      "inputSize",
      "classes",
      "group",
    ]);
  });
});
