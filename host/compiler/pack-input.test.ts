import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presets } from "../../hdl-gen/index.ts";
import { runReference } from "../../models/reference/index.ts";
import { interpretProgram } from "../reference-interpreter/index.ts";
import { branchNetwork, convNetwork } from "../testing/networks.ts";
import { randomConfig } from "../testing/random-config.ts";
import { randomStem } from "../testing/random-stem.ts";
import { compile } from "./compile.ts";
import { packInput, unpackTensor } from "./tensors.ts";

const { g8m8p7 } = presets;
const packingOf = (...[network, config, options]: Parameters<typeof compile>) =>
  compile(network, config, options).tensors.get(network.input)?.packing;

describe("the input packed by the host", () => {
  it("gives the reference's results for any window, stride, padding and zero point", () => {
    let packed = 0;
    const seeds = fc.integer({ min: 0, max: 2 ** 30 });
    fc.assert(
      fc.property(seeds, seeds, (stemSeed, configSeed) => {
        const { network, input } = randomStem(stemSeed, 20);
        const config = randomConfig(configSeed);
        const expected = runReference(network, input);
        for (const packInput of [true, false]) {
          const program = compile(network, { ...config, featureDepth: 1024 }, { dumpTensors: "all", packInput });
          if (program.tensors.get("x")?.packing !== undefined) packed++;
          const tensors = interpretProgram(program, input);
          expect(tensors.size).toBeGreaterThan(0);
          for (const [name, values] of tensors) expect(values, name).toEqual(expected.get(name));
        }
      }),
      { seed: 17, numRuns: 60 },
    );
    expect(packed).toBeGreaterThan(30);
  });

  it("has the taps of each output pixel side by side, channel by channel", () => {
    const network = convNetwork({ inputs: 3, outputs: 32, kernel: 3, stride: 2, pad: 1 }, 8);
    const program = compile(network, g8m8p7);
    const values = new Uint8Array(3 * 64).map((_, index) => index);
    const { bytes } = packInput(program, values);
    // Rows of 4 channel groups, lines of 4 pixels of 8 lanes.
    expect(bytes.length).toBe(4 * 4 * 4 * 8);
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 4; column++) {
        const pixel = Array.from({ length: 32 }, (_, tap) => {
          const [channel, ky, kx] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
          const [y, x] = [2 * row - 1 + ky, 2 * column - 1 + kx];
          if (tap >= 27) return 0;
          return (y < 0 || x < 0 ? 100 : (channel * 8 + y) * 8 + x) ^ 0x80;
        });
        const stored = pixel.map((_, tap) => bytes[((row * 4 + (tap >> 3)) * 4 + column) * 8 + (tap & 7)]);
        expect(stored, `${row}, ${column}`).toEqual(pixel);
      }
    }
    expect(unpackTensor(program, "x", bytes)).toEqual(values);
  });

  it("takes 4 beats a tile instead of 9 where three channels fill 27 of 32 lanes", () => {
    const network = convNetwork({ inputs: 3, outputs: 32, kernel: 3, stride: 2, pad: 1 }, 56);
    const cycles = (packInput: boolean): number => compile(network, g8m8p7, { packInput }).statistics.computeCycles;
    expect([cycles(false), cycles(true)]).toEqual([4 * 28 * 4 * 9, 4 * 28 * 4 * 4]);
  });

  it("is left as it is where loading the taps takes longer, where lanes are full anyway, or where several operations read it", () => {
    expect(packingOf(convNetwork({ inputs: 3, outputs: 32, kernel: 3, pad: 1 }, 16), g8m8p7)).toBeDefined();
    expect(packingOf(convNetwork({ inputs: 3, outputs: 8, kernel: 3, pad: 1 }, 16), g8m8p7)).toBeUndefined();
    expect(packingOf(convNetwork({ inputs: 8, outputs: 8, kernel: 3, pad: 1 }, 16), g8m8p7)).toBeUndefined();
    expect(packingOf(convNetwork({ inputs: 3, outputs: 8 }, 16), g8m8p7)).toBeUndefined();
    expect(packingOf(branchNetwork(3, 16), g8m8p7)).toBeUndefined();
  });
});
