import fc from "fast-check";
import { expect, it } from "vitest";
import { type Layer, mainOutput } from "../../models/ir/network.ts";
import { hardwareLimitProblems } from "../../models/quantization/index.ts";
import { runReference } from "../../models/reference/index.ts";
import { buildCase } from "./build-network.ts";
import { networkCases } from "./layer-case.ts";

it.each([4, 8, 16])(
  "G = %i: random networks are sound, within the hardware's limits and of every kind",
  (groupWidth) => {
    const seen = new Map<string, number>();
    const count = (what: string, times = 1): void => void seen.set(what, (seen.get(what) ?? 0) + times);
    fc.assert(
      fc.property(networkCases(4, 13), (parameters) => {
        const { network, input } = buildCase(parameters, groupWidth);
        expect(hardwareLimitProblems(network)).toEqual([]);
        const values = runReference(network, input);
        for (const layer of network.layers) count(kindOf(layer));
        const output = values.get(mainOutput(network));
        if (output !== undefined && new Set(output).size > 8) count("spread");
        if (parameters.height === 1 && parameters.width === 1) count("1x1 map");
      }),
      { seed: 3, numRuns: 200 },
    );
    const kinds = ["add", "gemm", "globalAveragePool", "dense 1", "dense 2", "grouped 1", "grouped 2"];
    for (const kind of [...kinds, "depthwise 1", "depthwise 2", "1x1 map"])
      expect.soft(seen.get(kind) ?? 0, kind).toBeGreaterThan(0);
    expect(seen.get("spread")).toBeGreaterThan(60);
  },
);

function kindOf(layer: Layer): string {
  if (layer.kind !== "conv") return layer.kind;
  const perGroup = layer.weights.length / layer.bias.length / (layer.kernel.height * layer.kernel.width);
  const form = layer.groups === 1 ? "dense" : perGroup === 1 ? "depthwise" : "grouped";
  return `${form} ${layer.stride.x}`;
}
