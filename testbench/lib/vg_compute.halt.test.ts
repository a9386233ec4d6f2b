import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../models/random/random.ts";
import type { CompiledModel } from "../engine/index.ts";
import { buildModule } from "../module-bench.ts";
import { ComputeBench } from "./compute-bench.ts";
import { computeShapes, layerSizes } from "./compute-cases.ts";
import { layerCommand, placeLayer } from "./compute-layer.ts";
import { applyWrites, layerWrites } from "./compute-model.ts";
import { TO_DRAIN, TO_WRITE } from "./compute-timing.ts";

describe.each([computeShapes[0], computeShapes[3]])("vg_compute with G $G, M $M, P $P, R $R", (shape) => {
  let model: CompiledModel;
  beforeAll(async () => {
    model = await buildModule("vg_compute", { ...shape });
  });

  it("finishes exactly the tiles issued before a halt, drops what a clear meets, and runs again at once", () => {
    let cutOff = 0;
    fc.assert(
      fc.property(
        fc.array(layerSizes(shape), { minLength: 2, maxLength: 3 }),
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 0, max: 45 }),
        fc.boolean(),
        fc.integer(),
        (sizes, at, later, halted, seed) => {
          const random = new Random(seed);
          const bench = new ComputeBench(model, shape, seed);
          const { memories } = bench;
          const { image } = memories.dma;
          const free = { feature: 0, weight: 0, parameter: 0 };
          const layers = sizes.flatMap((wanted) => placeLayer(shape, wanted, free, random) ?? []);
          if (layers.length < 2) return;
          for (const layer of layers) memories.loadLayer(layer);
          const commands = layers.map((layer, index) => ({ fields: layerCommand(layer), index }));

          const clearAt = at + later;
          const { tileEnds } = bench.run(commands.slice(1), halted ? { haltAt: at, clearAt } : { clearAt });
          let tiles = 0;
          for (const layer of layers.slice(1)) {
            const writes = layerWrites(layer, shape, image, memories.tables);
            const issued = writes.filter(({ tile, after }) => {
              const end = tileEnds[tiles + tile];
              return end !== undefined && end + TO_DRAIN + after + TO_WRITE <= clearAt;
            });
            applyWrites(image, issued);
            cutOff += Number(issued.length < writes.length);
            tiles += layer.groups * layer.blocksPerGroup * layer.rows * layer.tiles;
          }
          const writes = layerWrites(layers[0], shape, image, memories.tables);
          bench.run(commands.slice(0, 1));
          applyWrites(image, writes);
          memories.checkFeatures();
        },
      ),
      { seed: 1, numRuns: 30 },
    );
    expect(cutOff).toBeGreaterThan(10);
  });
});
