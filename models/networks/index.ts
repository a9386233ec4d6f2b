export { BlockLibrary } from "./blocks.ts";
export { type SeededNetworkOptions, seededNetwork } from "./seeded.ts";
export { type Architecture, architectures, type VarGNetOptions, vargnet } from "./vargnet.ts";
