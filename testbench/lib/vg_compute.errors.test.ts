import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { ComputeBench } from "./compute-bench.ts";
import { computeShapes, layerSizes } from "./compute-cases.ts";
import type { ComputeFields } from "./compute-command.ts";
import { predictOutcome } from "./compute-errors.ts";
import { type ComputeShape, layerCommand, placeLayer } from "./compute-layer.ts";
import { applyWrites, layerWrites } from "./compute-model.ts";
import { anyCommand } from "./pointer-model.ts";

/** Commands whose addresses mostly lie in the memories, and sometimes at or beyond their ends. */
function nearTheEnds(shape: ComputeShape): fc.Arbitrary<ComputeFields> {
  const near = (depth: number, ends = 1) =>
    fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: Math.floor(depth / 2) }), weight: 8 },
      { arbitrary: fc.integer({ min: Math.max(0, depth - 12), max: depth + 1 }), weight: ends },
      { arbitrary: fc.constantFrom(0xfff0, 0xffff), weight: 1 },
    );
  const stride = fc.oneof(
    { arbitrary: fc.integer({ min: 0, max: 12 }), weight: 9 },
    { arbitrary: fc.nat(0xffff), weight: 1 },
  );
  const { FEATURE_DEPTH, WEIGHT_DEPTH, PARAMETER_DEPTH } = shape;
  const addresses = fc.record({
    ...{ inBase: near(FEATURE_DEPTH), inRowStride: stride, inCgStride: stride, inGroupStride: stride },
    ...{ weightBase: near(WEIGHT_DEPTH), weightBlockStride: stride, parameterBase: near(PARAMETER_DEPTH, 4) },
    ...{ residualBase: near(FEATURE_DEPTH), residualRowStride: stride, residualCgStride: stride },
    ...{ outBase: near(FEATURE_DEPTH), outRowStride: stride, outCgStride: stride },
  });
  const flags = fc.constantFrom(
    {},
    { residual: true },
    { residual: true, max: true },
    { upsample: true },
    { partial: true, blocks: 1, rows: 1, tiles: 1 },
  );
  return fc
    .tuple(anyCommand(shape), addresses, flags)
    .map(([command, near, flag]) => ({ ...command, upsample: false, ...near, ...flag, ringEnd: 0, ringSize: 0 }));
}

describe.each([computeShapes[1], computeShapes[2]])("vg_compute with G $G, M $M, P $P, R $R", (shape) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_compute", { ...shape });
  });

  it("reports the first address beyond a memory, writes nowhere else, and starts afresh after clear", () => {
    const codes = new Map<number | undefined, number>();
    fc.assert(
      fc.property(
        fc.array(nearTheEnds(shape), { minLength: 1, maxLength: 3 }),
        layerSizes(shape),
        fc.integer(),
        (list, sizes, seed) => {
          const random = new Random(seed);
          const bench = new ComputeBench(model, shape, seed);
          const { memories } = bench;
          const commands = list.map((fields) => ({ fields, index: random.integer(0, 2 ** 32 - 1) }));
          const { error, words, cycles } = predictOutcome(commands, shape);
          codes.set(error?.code, (codes.get(error?.code) ?? 0) + 1);
          const clearAt = (error?.cycle ?? cycles) + random.integer(1, 60);
          bench.run(commands, error === undefined ? { clearAt } : { error, clearAt });
          // Overwrite what the commands may write: the rest must be as it was.
          const written = words.filter(({ cycle }) => cycle <= clearAt).map(({ address }) => address);
          memories.fillFeatures([...new Set(written)].sort((a, b) => a - b));
          memories.checkFeatures();

          const layer = placeLayer(shape, sizes, { feature: 0, weight: 0, parameter: 0 }, random);
          if (layer === undefined) return;
          memories.loadLayer(layer);
          const { image } = memories.dma;
          const writes = layerWrites(layer, shape, image, memories.tables);
          bench.run([{ fields: layerCommand(layer), index: 0 }]);
          applyWrites(image, writes);
          memories.checkFeatures();
        },
      ),
      { seed: 1, numRuns: 40 },
    );
    for (const code of [3, 4, 5]) expect(codes.get(code) ?? 0, `error code ${code}`).toBeGreaterThan(2);
  });
});
