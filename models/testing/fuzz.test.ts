import { expect, it } from "vitest";
import { fuzzImporter } from "./fuzz.ts";

it("damaged and hostile variants of every operator's files give problems or a network, soon", () => {
  const { files, accepted, refused, failure } = fuzzImporter(600, 3);
  expect(failure, "replay: vargen validate --fuzz 1 --seed 3 --path INDEX").toBeUndefined();
  expect(files).toBe(600);
  expect(accepted).toBeGreaterThan(3);
  expect(Object.keys(refused).length).toBeGreaterThan(15);
});
