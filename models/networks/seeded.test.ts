import { describe, expect, it } from "vitest";
import { rangeOf } from "../arithmetic/index.ts";
import { newActivations } from "../ir/activations.ts";
import type { ActivationType } from "../ir/network.ts";
import { tensorOf } from "../ir/network.ts";
import { elementCount } from "../ir/shape.ts";
import { networkProblems } from "../ir/validate.ts";
import { hardwareLimitProblems } from "../quantization/index.ts";
import { Random } from "../random/random.ts";
import { runReference } from "../reference/index.ts";
import { type SeededNetworkOptions, seededNetwork } from "./seeded.ts";
import type { Architecture } from "./vargnet.ts";

const cases: readonly (readonly [Architecture, SeededNetworkOptions])[] = [
  ["vargnet-v1", { scale: 0.25, inputSize: 65, classes: 50 }],
  ["vargnet-v2", { scale: 0.25, inputSize: 64, classes: 50 }],
  ["vargnet-v2", { scale: 0.5, group: 16, inputSize: 96, activations: "int8" }],
  ["vargnet-v1", { scale: 0.25, group: 4, inputSize: 32, activations: "int8", seed: 9 }],
  ["vargnet-v2", { scale: 0.25, inputHeight: 192, inputWidth: 160, classes: 50 }],
];

/** Shares of values at the upper bound and numbers of distinct values, tensor by tensor, on a fresh random image. */
function spread(architecture: Architecture, options: SeededNetworkOptions) {
  const network = seededNetwork(architecture, options);
  const dtype: ActivationType = options.activations ?? "uint8";
  const { lo, hi } = rangeOf(dtype);
  const random = new Random(77);
  const length = elementCount(tensorOf(network, network.input).shape);
  const image = newActivations(dtype, length).map(() => random.integer(lo, hi));
  return [...runReference(network, image)].map(([name, values]) => ({
    name,
    saturated: values.filter((value) => value === hi).length / values.length,
    distinct: new Set(values).size / Math.min(256, values.length),
  }));
}

describe("seededNetwork", () => {
  it.each(cases)("%s %o is sound and within the hardware's limits", (architecture, options) => {
    const network = seededNetwork(architecture, options);
    expect(networkProblems(network)).toEqual([]);
    expect(hardwareLimitProblems(network)).toEqual([]);
  });

  it.each(cases)("%s %o neither saturates nor vanishes", (architecture, options) => {
    for (const { name, saturated, distinct } of spread(architecture, options)) {
      expect(saturated, name).toBeLessThan(0.1);
      expect(distinct, name).toBeGreaterThan(0.1);
    }
  });

  it("gives equal networks for equal seeds", () => {
    const weightsOf = (seed: number) =>
      seededNetwork("vargnet-v2", { scale: 0.25, inputSize: 32, classes: 10, seed }).layers.map((layer) =>
        "weights" in layer ? Buffer.from(layer.weights.buffer).toString("base64") : layer.name,
      );
    expect(weightsOf(3)).toEqual(weightsOf(3));
    expect(weightsOf(3)).not.toEqual(weightsOf(4));
  });

  it("lists the layers of each block in order", () => {
    const { blocks } = seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 32, classes: 10 });
    expect([...blocks.keys()]).toEqual([
      "stage1.down",
      "stage2.down",
      "stage3.down",
      "stage3.normal1",
      "stage3.normal2",
      "stage4.down",
      "stage4.normal1",
    ]);
    expect(blocks.get("stage3.normal1")).toEqual([
      "stage3.normal1/sep_a.group",
      "stage3.normal1/sep_a.point",
      "stage3.normal1/sep_b.group",
      "stage3.normal1/sep_b.point",
      "stage3.normal1/add",
    ]);
  });
});
