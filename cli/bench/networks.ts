import type { PresetName } from "../../hdl-gen/index.ts";

/** A whole network to be measured, and what is asked of it. */
export interface BenchNetwork {
  /** As `vargen compare` takes it. */
  readonly network: string;
  readonly preset: PresetName;
  /** Least share of the MAC units' cycles with useful work, everything included. */
  readonly target: number;
  /** Least such share of any 3x3 group convolution or 1x1 layer, and their median. */
  readonly layerTargets: { readonly least: number; readonly median: number } | undefined;
}

/** The networks of the table: 224 x 224, 1000 classes, one image. */
export const benchNetworks: readonly BenchNetwork[] = [
  {
    ...{ network: "vargnet-v1@g8", preset: "g8m8p7", target: 0.95 },
    layerTargets: { least: 0.85, median: 0.97 },
  },
  { network: "vargnet-v2@g8", preset: "g8m8p7", target: 0.925, layerTargets: undefined },
  { network: "vargnet-v1@g8", preset: "g8m16p7", target: 0.945, layerTargets: undefined },
  { network: "vargnet-v1@g4", preset: "g4m8p7", target: 0.96, layerTargets: undefined },
];
