import fc from "fast-check";
import { expect, it } from "vitest";
import { whyInexact } from "../../testing/exactness.ts";
import { checkGraph } from "../../testing/graphs/check-graph.ts";
import { graphCases, stepKinds } from "../../testing/graphs/graph-case.ts";
import { GraphTally } from "../../testing/graphs/tally.ts";

const inexact = await whyInexact();

it.skipIf(inexact)("random graphs of opset 11 to 21, QDQ and QOperator, equal ONNX Runtime's", async () => {
  const tally = new GraphTally();
  const property = fc.asyncProperty(graphCases(), async (parameters) => tally.add(await checkGraph(parameters)));
  const seed = 41;
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
    seed,
    numRuns: 240,
  });
  const again = `vargen validate --graphs 1 --seed ${seed} --path ${counterexamplePath}`;
  expect(failed, `${errorInstance}\n${again}\n${JSON.stringify(counterexample)}`).toBe(false);
  const { compared, fused, plain, steps } = tally.figures();
  expect(compared).toBeGreaterThan(100_000);
  expect(fused).toBeGreaterThan(150);
  for (const kind of stepKinds) {
    expect.soft(steps[kind] ?? 0, kind).toBeGreaterThan(0);
    expect.soft(steps[`${kind}+`] ?? 0, `${kind} in QDQ form`).toBeGreaterThan(0);
  }
  // Through float, ONNX Runtime rounds elsewhere: seldom, and by little.
  expect(plain.differing).toBeLessThan(0.01 * plain.values);
});
