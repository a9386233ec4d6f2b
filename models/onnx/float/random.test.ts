import fc from "fast-check";
import { expect, it } from "vitest";
import { VargenError } from "../../errors.ts";
import { runFloat } from "../../graph/index.ts";
import { Random } from "../../random/random.ts";
import { mutated } from "../../testing/mutate.ts";
import { loadModel } from "../../testing/onnxruntime.ts";
import { randomFloatGraph } from "../../testing/random-float-graph.ts";
import { readFloatNetwork } from "../index.ts";

it("random float graphs equal ONNX Runtime's, folded as they are", { timeout: 120_000 }, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(2 ** 30), async (seed) => {
      const random = new Random(seed);
      const g = randomFloatGraph(random);
      const bytes = g.build();
      const network = readFloatNetwork(bytes, "random.onnx");
      const image = g.image();
      // Its optimiser moves Pads into pools that then refuse them.
      const run = await loadModel(bytes, { optimize: false });
      const theirs = await run([{ name: "x", type: "float32", shape: g.input.dims, data: image }]);
      const ours = runFloat(network, image);
      const names = network.graph.outputs;
      expect(names).toHaveLength(g.outputs.length);
      g.outputs.forEach((name, i) => {
        const [a, b] = [ours.get(names[i]) ?? [], Array.from(theirs.get(name) ?? [])];
        expect(a.length).toBe(b.length);
        const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
        compared += a.length;
        a.forEach((value, k) => {
          expect(Math.abs(value - b[k])).toBeLessThan(1e-4 * largest);
        });
      });
    }),
    { seed: 51, numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(20_000);
});

it("damaged and hostile variants of float graphs give problems or a network, soon", () => {
  const sound = Array.from({ length: 20 }, (_, seed) => randomFloatGraph(new Random(seed)).build());
  const outcomes = { read: 0, refused: 0 };
  for (let index = 0; index < 800; index++) {
    const random = new Random(52_000 + index);
    const bytes = mutated(sound[random.integer(0, sound.length - 1)], random);
    const started = process.cpuUsage();
    try {
      readFloatNetwork(bytes, "fuzz.onnx");
      outcomes.read++;
    } catch (error) {
      if (!(error instanceof VargenError)) throw new Error(`file ${index}`, { cause: error });
      outcomes.refused++;
    }
    expect(process.cpuUsage(started).user, `file ${index}`).toBeLessThan(5e6);
  }
  expect(outcomes.read).toBeGreaterThan(40);
  expect(outcomes.refused).toBeGreaterThan(300);
});
