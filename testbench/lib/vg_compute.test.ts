import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { ComputeBench } from "./compute-bench.ts";
import { computeShapes, layerSizes } from "./compute-cases.ts";
import { chainedSizes, type Layer, layerCommand, placeLayer } from "./compute-layer.ts";
import { applyWrites, layerWrites } from "./compute-model.ts";

describe.each(computeShapes)("vg_compute with G $G, M $M, P $P, R $R", (shape) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_compute", { ...shape });
  });

  it("computes chains of layers exactly, in the predicted cycles, beside DMA traffic", () => {
    let compared = 0;
    let layersRun = 0;
    fc.assert(
      fc.property(
        fc.array(layerSizes(shape), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(0, 0.3, 1),
        fc.integer(),
        (sizes, load, seed) => {
          const random = new Random(seed);
          const bench = new ComputeBench(model, shape, seed);
          const free = { feature: 0, weight: 0, parameter: 0 };
          const layers: Layer[] = [];
          for (const wanted of sizes) {
            const previous = layers.at(-1);
            const chained = previous === undefined ? wanted : chainedSizes(wanted, previous, shape);
            const layer = placeLayer(shape, chained, free, random, previous?.output);
            if (layer === undefined) break;
            layers.push(layer);
          }
          for (const layer of layers) bench.memories.loadLayer(layer);
          const scratch = free.feature * shape.P;
          // Each layer but the first reads what the one before it wrote.
          const commands = layers.map((layer, index) => ({
            fields: layerCommand(layer, { waitCompute: index }),
            index: random.integer(0, 2 ** 32 - 1),
          }));
          const before = bench.memories.dma.image.slice();
          bench.run(commands, {
            traffic: (dma) => {
              if (random.real() < load) dma.askRandom(random, scratch);
            },
          });
          for (const layer of layers) {
            const writes = layerWrites(layer, shape, before, bench.memories.tables);
            applyWrites(before, writes);
            applyWrites(bench.memories.dma.image, writes);
            compared += writes.reduce((sum, write) => sum + write.bytes.size, 0);
          }
          layersRun += layers.length;
          bench.memories.checkFeatures();
        },
      ),
      { seed: 1, numRuns: 24 },
    );
    expect(layersRun).toBeGreaterThan(30);
    expect(compared).toBeGreaterThan(1_000);
  });
});
