import { expect, it } from "vitest";
import { runReference } from "../../models/reference/index.ts";
import { branchNetwork } from "../testing/networks.ts";
import { extractLayers } from "./extract.ts";

it("extracts layers as a network that computes the same", () => {
  const network = branchNetwork(4, 3);
  const input = new Uint8Array(36).map((_, index) => 7 * index);
  const whole = runReference(network, input);
  const part = extractLayers(network, ["sum", "b", "a"]);
  expect(part).toMatchObject({ name: "test/a..sum", input: "x", outputs: ["sum"] });
  expect(runReference(part, input).get("sum")).toEqual(whole.get("sum"));
  expect(extractLayers(network, ["c"])).toMatchObject({ name: "test/c", input: "sum", outputs: ["c"] });
});

it("refuses unknown layers and several inputs", () => {
  const network = branchNetwork(4, 3);
  expect(() => extractLayers(network, ["a", "z"])).toThrow("compile/unknown-layer z");
  expect(() => extractLayers(network, ["sum"])).toThrow("reads 2 tensors from outside (a, b)");
  expect(() => extractLayers(network, [])).toThrow("no layer was named");
});
