import { readFileSync } from "node:fs";
import type { HwConfig } from "../../hdl-gen/index.ts";
import type { Resources } from "./resources.ts";

/** What Yosys' synth_xilinx (7-series, not flattened) made of a configuration. */
export interface MeasuredArea {
  readonly config: HwConfig;
  readonly measured: Resources;
}

/** The configurations that the resource model is held to; `scripts/measure-area.ts` makes the file. */
export function measuredAreas(): readonly MeasuredArea[] {
  return JSON.parse(readFileSync(new URL("area.json", import.meta.url), "utf8"));
}

/** Resources of a 7-series netlist. @param cells their number by type, as `vargen lint --synthesis full` counts them */
export function cellResources(cells: Readonly<Record<string, number>>): Resources {
  const sum = (weights: readonly (readonly [RegExp, number])[]): number =>
    Object.entries(cells).reduce((total, [type, count]) => {
      const weight = weights.find(([pattern]) => pattern.test(type))?.[1] ?? 0;
      return total + weight * count;
    }, 0);
  return {
    lut: sum([
      [/^LUT[1-6]$/, 1],
      [/^SRL/, 1],
      // Four LUTs side by side, or two for two ports of one bit.
      [/^RAM(32|64)M$/, 4],
      [/^RAM(32|64|128)X1D$/, 2],
    ]),
    ff: sum([[/^FD[RSCP]E/, 1]]),
    dsp: sum([[/^DSP48/, 1]]),
    bram36: sum([
      [/^RAMB36/, 1],
      [/^RAMB18/, 0.5],
    ]),
  };
}
