export { type BackboneName, backbones } from "./backbone.ts";
export { BlockLibrary } from "./blocks.ts";
export { networkGraph, networkNames, networkOptionNames } from "./catalog.ts";
export { classifierNetwork, faceNetwork } from "./classifier.ts";
export { detectionNetwork } from "./detection.ts";
export {
  type BlockBalance,
  type IntensityAnalysis,
  intensityOf,
  type LayerIntensity,
  quantizedIntensity,
} from "./intensity.ts";
export { type LayerKind, type WorkKind, workKind, workKinds } from "./kind.ts";
export type { NetworkOptionName, NetworkOptions } from "./options.ts";
export { type SeededNetworkOptions, seededFloatNetwork, seededNetwork } from "./seeded.ts";
export { type CountedTable, paperTables, type TableRow } from "./tables/rows.ts";
export { type ParsingHead, type ParsingTask, parsingNetwork, unetNetwork } from "./unet.ts";
export { type Architecture, architectures, type VarGNetOptions, vargnet } from "./vargnet.ts";
