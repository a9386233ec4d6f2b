import { describe, expect, it } from "vitest";
import { configProblems, presetNames, presets } from "../../hdl-gen/index.ts";
import { devices } from "./devices.ts";
import { cellResources, measuredAreas } from "./measured.ts";
import { deviceShare, fitted, resourcesOf } from "./resources.ts";
import { candidatesFor } from "./space.ts";

const areas = measuredAreas();
const error = (model: number, measured: number): number => Math.abs(model / measured - 1);

describe("resource model", () => {
  it("is held to every preset", () => {
    for (const name of presetNames)
      expect(areas.find(({ config }) => config.name === name)?.config).toEqual(presets[name]);
  });

  it.each(areas.map((area) => [area.config.name, area] as const))("%s: is near what Yosys counts", (_, area) => {
    const model = resourcesOf(area.config);
    expect(error(model.lut, area.measured.lut)).toBeLessThan(0.03);
    expect(error(model.ff, area.measured.ff)).toBeLessThan(0.02);
    expect(model.dsp).toBe(area.measured.dsp);
    // Yosys takes whole blocks where two halves would do, and LUTs for memories of a few words.
    expect(Math.abs(model.bram36 - area.measured.bram36)).toBeLessThanOrEqual(3);
  });

  it("reads Yosys' cells", () => {
    const cells = {
      LUT2: 10,
      LUT6: 5,
      SRL16E: 3,
      RAM32M: 2,
      FDRE: 7,
      FDSE: 1,
      DSP48E1: 4,
      RAMB36E1: 2,
      RAMB18E1: 3,
      MUXF7: 9,
    };
    expect(cellResources(cells)).toEqual({ lut: 26, ff: 8, dsp: 4, bram36: 3.5 });
  });

  it("makes multipliers of LUTs where the DSPs are used up, but not those of the drain", () => {
    const wanted = resourcesOf(presets.g8m8p1);
    expect(fitted(wanted, 64, 100)).toEqual({ resources: wanted, lutMultipliers: 0 });
    expect(fitted(wanted, 64, 66)).toMatchObject({
      lutMultipliers: 10,
      resources: { dsp: 66, lut: wanted.lut + 2000 },
    });
    expect(fitted(wanted, 64, 0)).toMatchObject({ lutMultipliers: 64, resources: { dsp: 12 } });
  });
});

it("every candidate of a device fits it", () => {
  const { resources } = devices.xc7z020;
  const candidates = candidatesFor(devices.xc7z020, 200e6);
  expect(candidates.length).toBeGreaterThan(1000);
  expect(candidates.every((one) => one.share <= 1 && deviceShare(one.resources, resources) === one.share)).toBe(true);
  expect(candidates.every(({ config }) => configProblems(config).length === 0)).toBe(true);
  // 256 bits at 200 MHz are more than its DRAM gives.
  expect(Math.max(...candidates.map(({ config }) => config.axiDataBits))).toBe(128);
  expect(candidatesFor(devices.ice40up5k, 48e6)).toEqual([]);
});
