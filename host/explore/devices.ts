import { VargenError } from "../../models/errors.ts";
import type { Resources } from "./resources.ts";

/** A device and the memory that boards with it have. */
export interface Device {
  readonly name: string;
  readonly family: "7-series" | "UltraScale+" | "iCE40 UltraPlus";
  /** Everything that the device has. */
  readonly resources: Resources;
  /** Bytes a second of the DRAM that its usual controller drives; 0 where there is none. */
  readonly dramBytesPerSecond: number;
  /** Public data sheet that the figures are from. */
  readonly source: string;
}

/** Devices by the names that `vargen explore` takes, the smallest first. */
export const devices = {
  ice40up5k: {
    name: "ice40up5k",
    family: "iCE40 UltraPlus",
    // Four-input LUTs; 30 blocks of 4 Kbit are 3.3 of 36 Kbit; its four blocks of 256 Kbit have a single port, the design needs two.
    resources: { lut: 5280, ff: 5280, dsp: 8, bram36: 3 },
    dramBytesPerSecond: 0,
    source: "Lattice FPGA-DS-02008, iCE40 UltraPlus Family Data Sheet",
  },
  xc7z020: {
    name: "xc7z020",
    family: "7-series",
    resources: { lut: 53_200, ff: 106_400, dsp: 220, bram36: 140 },
    // DDR3-1066, 32 bits.
    dramBytesPerSecond: 4.26e9,
    source: "AMD DS190, Zynq-7000 SoC Data Sheet: Overview",
  },
  xczu3eg: {
    name: "xczu3eg",
    family: "UltraScale+",
    resources: { lut: 70_560, ff: 141_120, dsp: 360, bram36: 216 },
    // DDR4-2400, 64 bits.
    dramBytesPerSecond: 19.2e9,
    source: "AMD DS891, Zynq UltraScale+ MPSoC Data Sheet: Overview",
  },
  xck26: {
    name: "xck26",
    family: "UltraScale+",
    resources: { lut: 117_120, ff: 234_240, dsp: 1248, bram36: 144 },
    dramBytesPerSecond: 19.2e9,
    source: "AMD DS987, Kria K26 SOM Data Sheet (its 64 UltraRAM blocks are not used)",
  },
  xcku5p: {
    name: "xcku5p",
    family: "UltraScale+",
    resources: { lut: 216_960, ff: 433_920, dsp: 1824, bram36: 480 },
    dramBytesPerSecond: 19.2e9,
    source: "AMD DS890, UltraScale Architecture and Product Data Sheet (its 64 UltraRAM blocks are not used)",
  },
} as const satisfies Record<string, Device>;

/** All device names, the smallest first. */
export const deviceNames = Object.keys(devices) as (keyof typeof devices)[];

/** A device by name. @throws VargenError listing all devices when there is none of that name */
export function deviceNamed(name: string): Device {
  const known = deviceNames.find((other) => other === name);
  if (known !== undefined) return devices[known];
  const hint = `devices: ${deviceNames.join(", ")}`;
  throw new VargenError([{ code: "explore/unknown-device", path: name, message: "no such device", hint }]);
}
