import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { floatInput, largestIndex, loadImages, quantizedInput } from "./dataset/index.ts";
import { runFloat } from "./graph/index.ts";
import { mainOutput, tensorOf } from "./ir/network.ts";
import { networkMacs } from "./ir/shape.ts";
import { readFloatNetwork, readNetwork } from "./onnx/index.ts";
import { hardwareLimitProblems } from "./quantization/index.ts";
import { runReference } from "./reference/index.ts";
import { compareWithOnnxRuntime } from "./testing/compare.ts";
import { whyInexact } from "./testing/exactness.ts";

const inexact = await whyInexact();

const file = (name: string) => new URL(`./data/${name}`, import.meta.url);
const float = readFloatNetwork(readFileSync(file("vargnet-fashion.float.onnx")), "vargnet-fashion.float.onnx");
const network = readNetwork(readFileSync(file("vargnet-fashion.onnx")), "vargnet-fashion.onnx");
const { images, labels } = loadImages(
  file("fashion-test-1000-images.idx.gz").pathname,
  file("fashion-test-1000-labels.idx.gz").pathname,
);
const input = tensorOf(network, network.input).quantization;

describe("the shipped network", () => {
  it("is a VarGNet of 12 million MACs within the hardware's limits", () => {
    expect(networkMacs(network)).toBe(11_930_624);
    expect([...network.blocks.keys()][0]).toBe("stage1.down");
    expect(hardwareLimitProblems(network)).toEqual([]);
  });

  it.skipIf(inexact)("equals ONNX Runtime in every tensor on 30 test images", async () => {
    const inputs = images.slice(0, 30).map((pixels) => quantizedInput(pixels, input));
    const { compared, mismatches } = await compareWithOnnxRuntime(network, inputs);
    expect(mismatches).toBe(0);
    expect(compared).toBeGreaterThan(1_000_000);
  });

  it("is as accurate as its float original on 60 test images", () => {
    let [floatRight, int8Right] = [0, 0];
    for (let i = 0; i < 60; i++) {
      const logits = runFloat(float, floatInput(images[i])).get(mainOutput(float.graph)) ?? [];
      const integers = runReference(network, quantizedInput(images[i], input)).get(mainOutput(network)) ?? [];
      if (largestIndex(logits) === labels[i]) floatRight++;
      if (largestIndex(integers) === labels[i]) int8Right++;
    }
    expect(floatRight).toBeGreaterThanOrEqual(54);
    expect(Math.abs(floatRight - int8Right)).toBeLessThanOrEqual(1);
  });
});

describe.each(readdirSync(new URL("./data/", import.meta.url)).filter((name) => name.endsWith("-fashion.onnx")))(
  "%s",
  (name) => {
    const int8 = readNetwork(readFileSync(file(name)), name);

    it("keeps within the hardware's limits", () => {
      expect(hardwareLimitProblems(int8)).toEqual([]);
    });

    it.skipIf(inexact)("equals ONNX Runtime in every tensor on 3 test images", async () => {
      const { quantization } = tensorOf(int8, int8.input);
      const inputs = images.slice(0, 3).map((pixels) => quantizedInput(pixels, quantization));
      expect((await compareWithOnnxRuntime(int8, inputs)).mismatches).toBe(0);
    });
  },
);
