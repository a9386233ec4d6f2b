import { expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { compile, memoryModels, predict } from "../../host/index.ts";
import { seededNetwork } from "../../models/networks/index.ts";
import { Random } from "../../models/random/random.ts";
import { runReference } from "../../models/reference/index.ts";
import { buildAccelerator } from "./accelerator-model.ts";
import { Session } from "./session.ts";

const config = presets.g8m8p7;
const network = seededNetwork("vargnet-v1", { scale: 0.25, inputSize: 64, classes: 10 });
const random = new Random(9);
const input = new Uint8Array(3 * 64 * 64).map(() => random.integer(0, 255));

/** Compiled for a part of the feature memory that the hardware has, so that operations are fused. */
const programOf = (everything: boolean) => ({
  ...compile(network, { ...config, featureDepth: 240 }, { dumpTensors: everything ? "all" : [] }),
  config,
});

it("runs layers fused by rows, in rings that wrap: every tensor the reference's, in the cycles predicted", async () => {
  const model = await buildAccelerator(config);
  const expected = runReference(network, input);
  for (const everything of [true, false]) {
    const program = programOf(everything);
    expect(program.operations.filter(({ strips }) => strips > 1).length).toBeGreaterThan(15);
    const run = await (await Session.open(model, config, program, "ddr")).run(input);
    for (const [name, values] of run.tensors) expect(values, name).toEqual(expected.get(name));
    expect(run.tensors.size).toBeGreaterThanOrEqual(everything ? program.operations.length : 1);
    expect(run.counters.CYCLES).toBe(predict(program, memoryModels.ddr).cycles);
  }
}, 60_000);
