import { deriveFigures, type HwConfig } from "../../hdl-gen/index.ts";

/** What a design takes of a device, or a device has. LUTs have six inputs, those used as memory included. */
export interface Resources {
  readonly lut: number;
  readonly ff: number;
  readonly dsp: number;
  readonly bram36: number;
}

/** Names of the resources, in the order of tables. */
export const resourceKinds = ["lut", "ff", "dsp", "bram36"] as const satisfies readonly (keyof Resources)[];
export type ResourceKind = (typeof resourceKinds)[number];

/** Logic of one module, or of some together. */
export interface ModuleLogic {
  readonly module: string;
  readonly lut: number;
  readonly ff: number;
}

/**
 * LUTs and flip-flops that a multiplier of the array with its share of the adder tree takes where it gets no DSP: what
 * vg_array by itself takes more under Yosys' `-nodsp` (187 to 205 LUTs for 8 to 48 multipliers).
 */
const MULTIPLIER_LUTS = 200;
const MULTIPLIER_FFS = 14;

/**
 * LUTs and flip-flops by module, on devices with six-input LUTs. Widths of registers, multiplexers and adders follow from
 * the RTL; factors that only synthesis knows are read off Yosys' counts of the configurations in area.json, which
 * resources.test.ts holds the sums to.
 */
export function moduleLogic(config: HwConfig): readonly ModuleLogic[] {
  const { groupWidth: g, outputChannels: m, pixelLanes: p, drainChannels: r, axiDataBits: axi } = config;
  const words = axi / 8 / g;
  const lanes = r * p;
  /** Bits of the activations of all pixels, and of a weight and a parameter word. */
  const pixelBits = 8 * g * p;
  const [weightBits, parameterBits] = [8 * g * m, 128 * r];
  /** A bit of a 4-to-1 multiplexer takes a LUT. */
  const mux = (inputs: number): number => (inputs - 1) / 3;
  /** Memories deeper than a block in its 4096 x 9 shape have their outputs multiplexed. */
  const deep = (depth: number): number => Math.max(0, Math.ceil(depth / 4096) - 1);
  return [
    // Two 28-bit registers, an adder and its multiplexer for each sum; then R of M sums are chosen.
    { module: "vg_array", lut: 50 * m * p + 28 * lanes * mux(m / r), ff: 56 * m * p + 7 },
    // Requantisation and addition lanes; the residual words wait in shift registers; adders sum up a tile's columns.
    {
      module: "vg_drain",
      lut: 480 + 450 * lanes + 0.88 * pixelBits + 1.5 * 28 * r * (p - 1),
      ff: 110 + 472 * lanes + pixelBits,
    },
    // Rotation by up to P columns, stride, padding.
    { module: "vg_lane_select", lut: pixelBits * (p === 1 ? 1 : 1.7 + p), ff: 2 * pixelBits + 12 },
    // Crossbar between the words of a beat and the banks.
    {
      module: "vg_feature_memory",
      lut: 2 * pixelBits + 8 * g * 0.34 * (words - 1) * (p - 1) ** 2 + pixelBits * deep(config.featureDepth),
      ff: 2 * pixelBits + 16,
    },
    { module: "vg_word_memory", lut: 10 + weightBits * deep(config.weightDepth), ff: weightBits + parameterBits },
    { module: "vg_table_memory", lut: 0, ff: 72 * lanes },
    { module: "vg_read_address", lut: 77 + 21.5 * p, ff: 48 + 17 * p },
    { module: "vg_compute, vg_sequencer", lut: 1000, ff: 1079 },
    { module: "vg_load, vg_store", lut: 1343 + 0.66 * axi, ff: 1005 + 1.02 * axi },
    { module: "vg_axi_read, vg_axi_write", lut: 822 + 1.07 * axi, ff: 667 + 3.17 * axi },
    { module: "vg_command_fetch, vg_dispatch", lut: 1145, ff: 845 },
    { module: "vg_control, registers, counters", lut: 815, ff: 909 },
  ];
}

/**
 * What a configuration takes as the RTL is written: a DSP for each MAC (only then are multipliers pipelined inside it), six
 * for each requantisation lane, block RAM as `deriveFigures` counts it.
 */
export function resourcesOf(config: HwConfig): Resources {
  const logic = moduleLogic(config);
  const { macs, drainLanes, bram36 } = deriveFigures(config);
  const sum = (of: (module: ModuleLogic) => number): number => Math.round(logic.reduce((total, x) => total + of(x), 0));
  return { lut: sum(({ lut }) => lut), ff: sum(({ ff }) => ff), dsp: macs + 6 * drainLanes, bram36 };
}

/** A design fitted to a device's DSPs. */
export interface Fitted {
  readonly resources: Resources;
  /** Multipliers of the array that are made of LUTs because the DSPs are used up. */
  readonly lutMultipliers: number;
}

/** Trades DSPs that a device does not have for LUTs, as synthesis does when told the number of DSPs. */
export function fitted(wanted: Resources, macs: number, dsps: number): Fitted {
  const lutMultipliers = Math.max(0, Math.min(macs, wanted.dsp - dsps));
  const lut = wanted.lut + lutMultipliers * MULTIPLIER_LUTS;
  const ff = wanted.ff + lutMultipliers * MULTIPLIER_FFS;
  return { resources: { ...wanted, lut, ff, dsp: wanted.dsp - lutMultipliers }, lutMultipliers };
}

/** Share of a device's LUTs that a design may take: a fuller one hardly routes. */
const LUT_SHARE = 0.85;

/** The largest share that a design takes of any resource of a device; above 1 it does not fit. */
export function deviceShare(design: Resources, device: Resources): number {
  return shareOf(boundBy(design, device), design, device);
}

/** The resource that a design takes the largest share of. */
export function boundBy(design: Resources, device: Resources): ResourceKind {
  const share = (kind: ResourceKind): number => shareOf(kind, design, device);
  return resourceKinds.reduce((most, kind) => (share(kind) > share(most) ? kind : most));
}

function shareOf(kind: ResourceKind, design: Resources, device: Resources): number {
  return design[kind] / (device[kind] * (kind === "lut" ? LUT_SHARE : 1));
}
