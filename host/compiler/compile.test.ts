import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VargenError } from "../../models/errors.ts";
import { runReference } from "../../models/reference/index.ts";
import { interpretProgram, preferring } from "../reference-interpreter/index.ts";
import { randomConfig } from "../testing/random-config.ts";
import { type NetworkLimits, randomNetwork } from "../testing/random-network.ts";
import { compile } from "./compile.ts";

const orders = [
  preferring("load", "compute", "store"),
  preferring("store", "compute", "load"),
  preferring("compute", "load", "store"),
  preferring("store", "load", "compute"),
];

/** Compiles, interprets and compares every tensor; whether it fitted. */
function check(networkSeed: number, configSeed: number, order: number, limits: NetworkLimits): boolean {
  const { network, input } = randomNetwork(networkSeed, limits);
  const config = randomConfig(configSeed);
  let program: ReturnType<typeof compile>;
  try {
    program = compile(network, config, { dumpTensors: order % 2 === 0 ? "all" : [] });
  } catch (error) {
    if (error instanceof VargenError) return false;
    throw error;
  }
  const expected = runReference(network, input);
  for (const [name, values] of interpretProgram(program, input, orders[order])) {
    const reference = expected.get(name);
    const wrong = values.findIndex((value, index) => value !== reference?.[index]);
    if (wrong >= 0) throw new Error(`${name}[${wrong}] is ${values[wrong]}, not ${reference?.[wrong]}`);
  }
  return true;
}

const seeds = fc.integer({ min: 0, max: 2 ** 30 });

describe("compiled programs in the interpreter", () => {
  it("give the reference's tensors for random networks on random configurations, in any legal order", () => {
    let [run, fitted] = [0, 0];
    fc.assert(
      fc.property(seeds, seeds, fc.integer({ min: 0, max: 3 }), (network, config, order) => {
        run++;
        if (check(network, config, order, { layers: 7, size: 14, channels: 40 })) fitted++;
      }),
      { seed: 21, numRuns: Number(process.env.VARGEN_RUNS ?? 250) },
    );
    console.log(`${fitted} of ${run}`);
    expect(fitted).toBeGreaterThan(run / 2);
  });
});
